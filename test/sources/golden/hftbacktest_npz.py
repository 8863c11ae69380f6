"""A small capture in the format of hftbacktest 2, and what hftbacktest itself makes of it.

Made with hftbacktest 2.4.4, numpy 2.2.6, Python 3.11:

    pip install hftbacktest==2.4.4 && python hftbacktest_npz.py

Writes hftbacktest.npz (made-up depth, trades and best prices, as `np.savez_compressed(data=...)`) and
hftbacktest_npz.json (best bid and ask of hftbacktest's own local book at some moments, and its last trades).
"""
import json
import numpy as np
from numba import njit
import hftbacktest as h
from hftbacktest import (
    BUY_EVENT, DEPTH_CLEAR_EVENT, DEPTH_EVENT, DEPTH_SNAPSHOT_EVENT, EXCH_EVENT, LOCAL_EVENT, SELL_EVENT,
    TRADE_EVENT, BacktestAsset, HashMapMarketDepthBacktest, event_dtype,
)
from hftbacktest.data import correct_event_order, validate_event_order
from hftbacktest.types import DEPTH_BBO_EVENT

BOTH = EXCH_EVENT | LOCAL_EVENT
START = 1_710_000_000_000_000_000
TICK = 0.5
rng = np.random.default_rng(7)
rows = []


def put(ev, exch, local, px, qty):
    rows.append((ev, exch, local, px, qty, 0, 0, 0.0))


def snapshot(exch, local, mid):
    bids = [(mid - TICK * (i + 1), float(1 + i)) for i in range(20)]
    asks = [(mid + TICK * i, float(2 + i)) for i in range(20)]
    for side, levels in ((BUY_EVENT, bids), (SELL_EVENT, asks)):
        put(DEPTH_CLEAR_EVENT | side, exch, local, levels[-1][0], 0.0)
        for px, qty in levels:
            put(DEPTH_SNAPSHOT_EVENT | side, exch, local, px, qty)


exch = START
snapshot(exch, exch + 3_000_000, 100.0)
for step in range(400):
    exch += int(rng.integers(1, 60)) * 1_000_123
    local = exch + 2_000_000 + int(rng.integers(0, 900_000))
    if step == 150:
        snapshot(exch, local, 104.0)
        continue
    if step == 300:  # one side alone is cleared, down to a price
        put(DEPTH_CLEAR_EVENT | BUY_EVENT, exch, local, 102.0, 0.0)
        continue
    mid = 100.0 if step < 150 else 104.0
    for _ in range(int(rng.integers(1, 4))):
        buy = rng.random() < 0.5
        level = int(rng.integers(0, 12))
        px = mid - TICK * (level + 1) if buy else mid + TICK * level
        qty = 0.0 if rng.random() < 0.3 else float(rng.integers(1, 50)) / 4
        put(DEPTH_EVENT | (BUY_EVENT if buy else SELL_EVENT), exch, local, px, qty)
    if rng.random() < 0.3:
        buy = rng.random() < 0.5
        put(TRADE_EVENT | (BUY_EVENT if buy else SELL_EVENT), exch, local, mid - (0.0 if buy else TICK), 0.25)
    if rng.random() < 0.1:
        put(DEPTH_BBO_EVENT | BUY_EVENT, exch, local, mid - TICK, 1.0)
        put(DEPTH_BBO_EVENT | SELL_EVENT, exch, local, mid, 1.5)

data = np.array(rows, dtype=event_dtype)
data = correct_event_order(
    data, np.argsort(data['exch_ts'], kind='mergesort'), np.argsort(data['local_ts'], kind='mergesort')
)
validate_event_order(data)
np.savez_compressed('hftbacktest.npz', data=data)

# The book without the rows of best prices, which hftbacktest would fuse into it.
depth = data[(data['ev'] & 0xFF) != DEPTH_BBO_EVENT]
asset = (
    BacktestAsset().data([depth]).linear_asset(1.0).constant_latency(0, 0).risk_adverse_queue_model()
    .no_partial_fill_exchange().trading_value_fee_model(0, 0).tick_size(TICK).lot_size(0.25).last_trades_capacity(1000)
)
hbt = HashMapMarketDepthBacktest([asset])


@njit
def walk(hbt, out):
    n = 0
    while n < out.shape[0] and hbt.elapse(500_000_000) == 0:
        book = hbt.depth(0)
        out[n, 0] = hbt.current_timestamp
        out[n, 1] = book.best_bid
        out[n, 2] = book.best_ask
        out[n, 3] = book.bid_qty_at_tick(book.best_bid_tick)
        out[n, 4] = book.ask_qty_at_tick(book.best_ask_tick)
        n += 1
    total, count, buys = 0.0, 0, 0
    for trade in hbt.last_trades(0):
        total += trade.px
        count += 1
        if trade.ev & BUY_EVENT == BUY_EVENT:
            buys += 1
    return n, total, count, buys


out = np.zeros((40, 5))
n, px, count, buys = walk(hbt, out)
local = data[data['ev'] & LOCAL_EVENT == LOCAL_EVENT]
bbo = local[(local['ev'] & 0xFF) == DEPTH_BBO_EVENT]
json.dump(
    {
        'program': f'hftbacktest {h.__version__ if hasattr(h, "__version__") else "2.4.4"}',
        'rows': len(data),
        'book': [[int(ts) // 1000, *map(float, rest)] for ts, *rest in out[:n]],
        'trades': {'count': int(count), 'buys': int(buys), 'sumPx': float(px)},
        'bbo': len(bbo),
    },
    open('hftbacktest_npz.json', 'w'),
    indent=1,
)
print(n, count, len(data))
