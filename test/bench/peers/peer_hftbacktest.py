"""hftbacktest: the two-quote market maker of test/engine/book/golden/hftbacktest_fills.py on the same rows."""

import os
from importlib.metadata import version

import numpy as np
from hftbacktest import (
    BUY_EVENT,
    DEPTH_CLEAR_EVENT,
    DEPTH_EVENT,
    EXCH_EVENT,
    FILLED,
    GTX,
    LIMIT,
    LOCAL_EVENT,
    SELL_EVENT,
    TRADE_EVENT,
    BacktestAsset,
    HashMapMarketDepthBacktest,
    ROIVectorMarketDepthBacktest,
    event_dtype,
)
from hftbacktest.order import BUY, IOC
from numba import njit
from serve import Work, serve

MS = 1_000_000
work = Work()
tick_size, lot, latency, away, most, maker_rate = work.configs[0]


def depth_rows():
    """Ours in its form: kinds 0 depth, 1 trade, 2 snapshot; 4 bid or buyer, 8 ask or seller; 16 venue, 32 we."""

    def raw(name, kind):
        return np.fromfile(os.path.join(work.folder, name), dtype=kind, count=work.rows)

    ev = raw("ev.u8", np.uint8)
    kinds = np.array([DEPTH_EVENT, TRADE_EVENT, DEPTH_CLEAR_EVENT, 0], dtype=np.uint64)
    rows = np.zeros(work.rows, dtype=event_dtype)
    rows["ev"] = kinds[ev & 3]
    for ours, theirs in ((4, BUY_EVENT), (8, SELL_EVENT), (16, EXCH_EVENT), (32, LOCAL_EVENT)):
        rows["ev"][(ev & ours) != 0] |= np.uint64(theirs)
    for name, column in (("exch_ts", "exchTs.f64"), ("local_ts", "localTs.f64")):
        rows[name] = np.rint(raw(column, np.float64) * 1000).astype(np.int64) * 1000
    rows["px"] = np.rint(raw("tick.i32", np.int32)) / round(1 / tick_size)
    rows["qty"] = raw("qty.f64", np.float64)
    return rows


rows = depth_rows()
start = int(min(rows["exch_ts"][0], rows["local_ts"][0]))
middle = np.median(rows["px"][(rows["ev"] & 0xFF) == TRADE_EVENT])


@njit
def quote(hbt, lot, tick_size, away, most, out):
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
                side = 1 if order.side == BUY else -1
                out[n, 0] = side * (1 if order.arr[0].maker else 2)
                out[n, 1] = order.exch_timestamp
                out[n, 2] = order.exec_price_tick
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


def replay():
    asset = (
        BacktestAsset()
        .data([rows])
        .linear_asset(1.0)
        .constant_order_latency(int(latency * MS), int(latency * MS))
        .trading_value_fee_model(maker_rate, work.fee)
        .tick_size(tick_size)
        .lot_size(lot)
        .last_trades_capacity(0)
        .power_prob_queue_model(2.0)
        .no_partial_fill_exchange()
    )
    if work.variant == "vector":
        asset = asset.roi_lb(middle * 0.9).roi_ub(middle * 1.1)
        hbt = ROIVectorMarketDepthBacktest([asset])
    else:
        hbt = HashMapMarketDepthBacktest([asset])
    fills = np.zeros((20_000, 3), np.int64)
    n = quote(hbt, lot, tick_size, int(away), int(most), fills)
    state = hbt.state_values(0)
    depth = hbt.depth(0)
    middle_price = (depth.best_bid_tick + depth.best_ask_tick) * tick_size / 2
    gain = state.balance + state.position * middle_price - state.fee
    held = round(state.position / lot)
    hbt.close()
    return fills[:n], gain, held


def prove():
    fills, gain, held = replay()
    fills[:, 1] = (fills[:, 1] - start) // 1000
    fills = fills[np.lexsort((np.sign(fills[:, 0]), fills[:, 1]))]
    return fills, [gain, held]


serve(f"hftbacktest {version('hftbacktest')}", replay, prove)
