"""vectorbt, with its Rust engine where it has one (variant `rust`), or with numba alone (variant `numba`)."""

import gc
import resource
import subprocess
import sys

import numba
import numpy as np
import pandas as pd
import vectorbt as vbt

from serve import Work, serve

work = Work()
vbt.settings["engine"] = "auto" if work.variant == "rust" else "numba"
version = f"vectorbt {vbt.__version__}, numba {numba.__version__}, numpy {np.__version__}"
if work.variant == "rust":
    import vectorbt_rust

    version += f", vectorbt-rust {vectorbt_rust.__version__}"

open_, high, low, close = (pd.Series(work.column(name)) for name in ("open", "high", "low", "close"))


def later(signals):
    """The same signals one bar later."""
    moved = np.zeros_like(signals)
    moved[1:] = signals[:-1]
    return moved


def cross(size=np.inf):
    fast = [pair[0] for pair in work.configs]
    slow = [pair[1] for pair in work.configs]
    # Each average once, however many pairs it is in.
    quick = vbt.MA.run(close, fast, run_unique=True).ma.values
    steady = vbt.MA.run(close, slow, run_unique=True).ma.values
    up = quick > steady
    up = up.reshape(work.rows, -1)
    return vbt.Portfolio.from_signals(
        close,
        entries=later(up),
        exits=later(~up),
        price=open_,
        size=size,
        fees=work.fee,
        init_cash=work.cash,
        freq="1min",
    )


@numba.njit(cache=True)
def wilder_atr(high, low, close, length):
    out = np.full(close.shape[0], np.nan)
    mean = 0.0
    for i in range(1, close.shape[0]):
        spread = max(high[i], close[i - 1]) - min(low[i], close[i - 1])
        if i <= length:
            mean += spread / length
        else:
            mean += (spread - mean) / length
        if i >= length:
            out[i] = mean
    return out


def bracket():
    (fast, slow), risk = work.configs[0], 0.001
    quick = vbt.MA.run(close, fast).ma.values
    steady = vbt.MA.run(close, slow).ma.values
    width = wilder_atr(high.values, low.values, close.values, 14)
    up = quick > steady
    entries = up & ~later(up)
    entries[: work.firstRow + 1] = False
    stop = 2 * width / close.values
    return vbt.Portfolio.from_signals(
        close,
        entries=entries,
        exits=False,
        open=open_,
        high=high,
        low=low,
        price=close,
        size=np.minimum(1, risk / stop),
        size_type="percent",
        sl_stop=stop,
        tp_stop=3 * width / close.values,
        fees=work.fee,
        init_cash=work.cash,
        freq="1min",
    )


def cells():
    entries = np.zeros((work.rows, 1), dtype=bool)
    exits = np.zeros((work.rows, 1), dtype=bool)
    entries[1::2] = True
    exits[2::2] = True
    return vbt.Portfolio.from_signals(
        close,
        entries=entries,
        exits=exits,
        price=open_,
        size=np.array(work.configs, dtype=np.float64).T,
        fees=work.fee,
        init_cash=work.cash,
        freq="1min",
    )


def indicator():
    if work.indicator == "sma20":
        return [vbt.MA.run(close, 20).ma]
    if work.indicator == "rsi14":
        return [vbt.RSI.run(close, 27, ewm=True).rsi]
    if work.indicator == "macd":
        found = vbt.MACD.run(close, 12, 26, 9, macd_ewm=True, signal_ewm=True)
        return [found.macd, found.signal, found.hist]
    if work.indicator == "bollinger":
        found = vbt.BBANDS.run(close, 20, alpha=2)
        return [found.middle, found.upper, found.lower]
    return [vbt.ATR.run(high, low, close, 27, ewm=True).atr]


portfolio = {"cross": cross, "cold": cross, "bracket": bracket, "cells": cells}.get(work.kind)


def run():
    if portfolio is None:
        return indicator()
    found = portfolio()
    final, trades = found.final_value(), found.trades.records
    # One run's equity is part of the work; of a sweep only what it ended with.
    equity = found.value() if len(work.configs) == 1 else None
    del found, final, trades, equity
    gc.collect()


def final_equity(found):
    """From the last orders: final_value() adds all profits to the starting cash, of which little is left at the end."""
    if work.kind == "cells":
        return np.atleast_1d(found.final_value())
    orders = found.orders.records
    ends = []
    for col in range(len(work.configs)):
        own = orders[orders["col"] == col]
        if len(own) == 0:
            ends.append(work.cash)
            continue
        last = own.iloc[-1]
        sold = last["side"] == 1
        entry = own.iloc[-2] if sold else last
        paid = entry["size"] * entry["price"] + entry["fees"]
        share = shares()[int(entry["idx"])] if work.kind == "bracket" else 1
        got = last["size"] * last["price"] - last["fees"] if sold else last["size"] * close.iloc[-1]
        ends.append(paid / share - paid + got)
    return ends


def shares():
    width = wilder_atr(high.values, low.values, close.values, 14)
    return np.minimum(1, 0.001 / (2 * width / close.values))


def prove():
    if portfolio is None:
        return [], np.concatenate([line.values[work.firstRow :] for line in indicator()])
    found = portfolio()
    trades = found.trades.closed.records
    entered_at_close = 1 if work.kind == "bracket" else 0
    rows = np.column_stack(
        [trades["col"], trades["entry_idx"] + entered_at_close, trades["exit_idx"]]
    )
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    return rows, final_equity(found)


def run_cold():
    subprocess.run([sys.executable, *sys.argv, "once"], check=True)


def peak_of_children():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if sys.argv[-1] == "once":
    run()
elif work.kind == "cold":
    serve(version, run_cold, prove, peak_of_children)
else:
    serve(version, run, prove)
