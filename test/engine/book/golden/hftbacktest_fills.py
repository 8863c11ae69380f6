"""
Fills of hftbacktest 2.4.4 (PyPI) for a two-quote market maker on a raw Binance capture, as JSON on standard output.

    python -m venv venv && venv/bin/pip install hftbacktest==2.4.4
    venv/bin/python hftbacktest_fills.py ../shared/data/ticks_l2 > hftbacktest_fills.json

The feed is made here from the raw frames, apart from the library under test, by the same rules: updates are held until
the snapshot and those it contains dropped; rows begin at the snapshot; spot depth happened at its event time; local
times are whole microseconds, moved so that the fastest row took no time. hftbacktest's own `correct_event_order` puts
the rows in the order of both clocks.

In `oneLot` every quote is one lot, so that the rules in which the two programs differ (see match-book.ts) do not matter,
and a fill is one execution: hftbacktest shows the last execution of an order only. In `parts` quotes are large and fill
in parts, with its exchange that has partial fills; what is printed is how much of each quote is filled, at each step where
that changed. Sizes are such that the run ends: an order of which exactly the rest trades stays in hftbacktest's book after
it is filled, and the next trade there stops the run (error 14).
"""

import gzip
import json
import sys

import numpy as np
from hftbacktest import (
    BUY_EVENT,
    DEPTH_CLEAR_EVENT,
    DEPTH_EVENT,
    DEPTH_SNAPSHOT_EVENT,
    FILLED,
    GTX,
    LIMIT,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
    event_dtype,
)
from hftbacktest.data.validation import correct_event_order, validate_event_order
from hftbacktest.order import BUY, IOC
from numba import njit

MS = 1_000_000


def feed_of(path, usdm):
    rows, held, last_dropped, synced = [], [], None, False

    def put(ev, exch, local, px, qty):
        rows.append((ev, exch * MS, local, float(px), float(qty), 0, 0, 0.0))

    def put_update(d, exch, local):
        for px, qty in d["b"]:
            put(DEPTH_EVENT | BUY_EVENT, exch, local, px, qty)
        for px, qty in d["a"]:
            put(DEPTH_EVENT | SELL_EVENT, exch, local, px, qty)

    with gzip.open(path, "rt") as lines:
        for line in lines:
            local = int(line[:16]) * 1000
            message = json.loads(line[20:])
            if "lastUpdateId" in message:
                last = message["lastUpdateId"]
                keep = []
                for d in held:
                    old = d["u"] < last if usdm else d["u"] <= last
                    if old:
                        last_dropped = d
                    else:
                        keep.append(d)
                exch = message["T"] if usdm else last_dropped["E"]
                put(DEPTH_CLEAR_EVENT, exch, local, "nan", 0)
                for px, qty in message["bids"]:
                    put(DEPTH_SNAPSHOT_EVENT | BUY_EVENT, exch, local, px, qty)
                for px, qty in message["asks"]:
                    put(DEPTH_SNAPSHOT_EVENT | SELL_EVENT, exch, local, px, qty)
                for d in keep:
                    put_update(d, max(exch, d["T"] if usdm else d["E"]), local)
                synced = True
                continue
            d = message.get("data")
            if d is None:
                continue
            if d.get("e") == "depthUpdate":
                if synced:
                    put_update(d, d["T"] if usdm else d["E"], local)
                else:
                    held.append(d)
            elif d.get("e") == "trade" and synced and d.get("X", "MARKET") == "MARKET":
                side = SELL_EVENT if d["m"] else BUY_EVENT
                put(TRADE_EVENT | side, d["T"], local, d["p"], d["q"])

    received = np.array(rows, dtype=event_dtype)
    received["local_ts"] -= (received["local_ts"] - received["exch_ts"]).min()
    data = correct_event_order(
        received,
        np.argsort(received["exch_ts"], kind="mergesort"),
        np.argsort(received["local_ts"], kind="mergesort"),
    )
    validate_event_order(data)
    return data


@njit
def quote(hbt, lot, tick_size, away, most, out):
    """Every 100 ms: a quote `away` ticks behind each best price, moved when that moved; every 5 s one lot taken off."""
    n = 0
    bid_id = 0
    ask_id = 0
    next_id = 1
    step = 0
    while hbt.elapse(100 * MS) == 0:
        values = hbt.orders(0).values()
        while True:
            order = values.get() if values.has_next() else None
            if order is None:
                break
            if order.status == FILLED:
                out[n, 0] = order.exch_timestamp
                out[n, 1] = 1 if order.side == BUY else -1
                out[n, 2] = order.exec_price_tick
                out[n, 3] = round(order.exec_qty / lot)
                out[n, 4] = 1 if order.arr[0].maker else 0
                n += 1
        hbt.clear_inactive_orders(0)
        step += 1
        depth = hbt.depth(0)
        position = round(hbt.position(0) / lot)
        orders = hbt.orders(0)
        bid_tick = depth.best_bid_tick - away
        ask_tick = depth.best_ask_tick + away

        order = orders.get(bid_id)
        if order is None:
            if position < most:
                bid_id = next_id
                next_id += 1
                hbt.submit_buy_order(0, bid_id, bid_tick * tick_size, lot, GTX, LIMIT, False)
        elif order.price_tick != bid_tick and order.cancellable:
            hbt.cancel(0, bid_id, False)

        order = orders.get(ask_id)
        if order is None:
            if position > -most:
                ask_id = next_id
                next_id += 1
                hbt.submit_sell_order(0, ask_id, ask_tick * tick_size, lot, GTX, LIMIT, False)
        elif order.price_tick != ask_tick and order.cancellable:
            hbt.cancel(0, ask_id, False)

        if step % 50 == 0:
            if position > 0:
                price = (depth.best_bid_tick - 50) * tick_size
                hbt.submit_sell_order(0, next_id, price, lot, IOC, LIMIT, False)
            elif position < 0:
                price = (depth.best_ask_tick + 50) * tick_size
                hbt.submit_buy_order(0, next_id, price, lot, IOC, LIMIT, False)
            next_id += 1
    return n


@njit
def quote_large(hbt, lot, lots, tick_size, out):
    """As `quote` with `away` 0 and quotes of `lots`, nothing taken off; the position is summed from the quotes."""
    n = 0
    bid_id = 0
    ask_id = 0
    next_id = 1
    step = 0
    position = 0
    bid_filled = 0
    ask_filled = 0
    while True:
        code = hbt.elapse(100 * MS)
        if code != 0:
            return n, code
        step += 1
        orders = hbt.orders(0)
        for side in (1, -1):
            order = orders.get(bid_id if side == 1 else ask_id)
            if order is None:
                continue
            filled = round((order.qty - order.leaves_qty) / lot)
            known = bid_filled if side == 1 else ask_filled
            if filled == known:
                continue
            out[n] = (step, side, order.price_tick, filled)
            n += 1
            position += side * (filled - known)
            if side == 1:
                bid_filled = filled
            else:
                ask_filled = filled
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        orders = hbt.orders(0)

        order = orders.get(bid_id)
        if order is None:
            if position < 5 * lots:
                bid_id = next_id
                next_id += 1
                bid_filled = 0
                price = depth.best_bid_tick * tick_size
                hbt.submit_buy_order(0, bid_id, price, lot * lots, GTX, LIMIT, False)
        elif order.price_tick != depth.best_bid_tick and order.cancellable:
            hbt.cancel(0, bid_id, False)

        order = orders.get(ask_id)
        if order is None:
            if position > -5 * lots:
                ask_id = next_id
                next_id += 1
                ask_filled = 0
                price = depth.best_ask_tick * tick_size
                hbt.submit_sell_order(0, ask_id, price, lot * lots, GTX, LIMIT, False)
        elif order.price_tick != depth.best_ask_tick and order.cancellable:
            hbt.cancel(0, ask_id, False)


def backtest(data, tick_size, lot, queue, latency, partial):
    asset = (
        BacktestAsset()
        .data([data])
        .linear_asset(1.0)
        .constant_order_latency(latency[0] * MS, latency[1] * MS)
        .trading_value_fee_model(0.0, 0.0)
        .tick_size(tick_size)
        .lot_size(lot)
        .last_trades_capacity(0)
    )
    asset = asset.partial_fill_exchange() if partial else asset.no_partial_fill_exchange()
    if queue == "risk-averse":
        asset = asset.risk_adverse_queue_model()
    elif queue == "log":
        asset = asset.log_prob_queue_model()
    else:
        asset = asset.power_prob_queue_model(float(queue))
    return HashMapMarketDepthBacktest([asset])


def run(data, tick_size, lot, queue, latency, away, most):
    hbt = backtest(data, tick_size, lot, queue, latency, False)
    out = np.zeros((20_000, 5), np.int64)
    n = quote(hbt, lot, tick_size, away, most, out)
    hbt.close()
    # Within a step fills come in the order of a hash map; the order of the venue’s clock is what both programs print.
    fills = out[:n]
    return fills[np.lexsort((fills[:, 1], fills[:, 0]))]


def run_large(data, tick_size, lot, queue, latency, lots):
    hbt = backtest(data, tick_size, lot, queue, latency, True)
    out = np.zeros((20_000, 4), np.int64)
    n, code = quote_large(hbt, lot, lots, tick_size, out)
    hbt.close()
    assert code == 1, f"it ended with code {code} rather than the end of the data"
    return out[:n]


def text(cases):
    return "[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"


def main(folder):
    cases = []
    parts = []
    for market, tick_size, lot, lots in (("usdm", 0.1, 0.001, 5003), ("spot", 0.01, 0.00001, 20011)):
        data = feed_of(f"{folder}/hftbacktest_{market}_btcusdt_20240808.gz", market == "usdm")
        start = int(min(data["exch_ts"][0], data["local_ts"][0])) // MS
        for queue, latency, away, most in (
            ("risk-averse", (5, 5), 0, 20),
            ("2", (5, 5), 0, 20),
            ("3", (20, 3), 1, 20),
            ("log", (1, 1), 0, 5),
        ):
            fills = run(data, tick_size, lot, queue, latency, away, most)
            assert (fills[:, 3] == 1).all()
            cases.append(
                {
                    "market": market,
                    "queue": queue,
                    "latency": latency,
                    "away": away,
                    "most": most,
                    "rows": len(data),
                    "startTs": start,
                    "sides": "".join("b" if side > 0 else "s" for side in fills[:, 1]),
                    "makers": "".join("m" if maker else "t" for maker in fills[:, 4]),
                    # Each from the one before it; the first from `startTs`, and from 0.
                    "tsSteps": np.diff(fills[:, 0] // MS, prepend=start).tolist(),
                    "tickSteps": np.diff(fills[:, 2], prepend=0).tolist(),
                }
            )
            print(market, queue, len(fills), file=sys.stderr)
        for queue in ("risk-averse", "2"):
            found = run_large(data, tick_size, lot, queue, (5, 5), lots)
            parts.append(
                {
                    "market": market,
                    "queue": queue,
                    "latency": (5, 5),
                    "lots": lots,
                    "sides": "".join("b" if side > 0 else "s" for side in found[:, 1]),
                    "stepSteps": np.diff(found[:, 0], prepend=0).tolist(),
                    "tickSteps": np.diff(found[:, 2], prepend=0).tolist(),
                    "filled": found[:, 3].tolist(),
                }
            )
            print(market, queue, "parts", len(found), file=sys.stderr)
    print(f'{{"oneLot":{text(cases)},"parts":{text(parts)}}}')


main(sys.argv[1])
