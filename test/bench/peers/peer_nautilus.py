"""NautilusTrader: a strategy on external bars; market orders fill at the close of the bar they are made on."""

import math
from decimal import Decimal

import nautilus_trader
import numpy as np
import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig
from nautilus_trader.indicators import SimpleMovingAverage
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import AccountType, CurrencyType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Currency, Money, Price, Quantity
from nautilus_trader.persistence.wranglers import BarDataWrangler
from nautilus_trader.trading.strategy import Strategy
from serve import Work, serve

work = Work()
fast, slow = work.configs[0]
MINUTE = 60_000_000_000
# Prices are multiples of 1/64, six digits; a thousandth of them has nine.
quote = Currency("SYQ", 9, 0, "synthetic money", CurrencyType.CRYPTO)
base = Currency("SYB", 9, 0, "synthetic coin", CurrencyType.CRYPTO)
venue = Venue("BENCH")
identity = InstrumentId(Symbol("SYB/SYQ"), venue)
instrument = CurrencyPair(
    instrument_id=identity,
    raw_symbol=Symbol("SYB/SYQ"),
    base_currency=base,
    quote_currency=quote,
    price_precision=6,
    size_precision=0,
    price_increment=Price(1e-6, 6),
    size_increment=Quantity(1, 0),
    margin_init=Decimal(0),
    margin_maint=Decimal(0),
    maker_fee=Decimal(str(work.fee)),
    taker_fee=Decimal(str(work.fee)),
    ts_event=0,
    ts_init=0,
)
bar_type = BarType.from_str(f"{identity}-1-MINUTE-LAST-EXTERNAL")


class Cross(Strategy):
    def __init__(self):
        super().__init__()
        self.quick = SimpleMovingAverage(fast)
        self.steady = SimpleMovingAverage(slow)
        self.filled = []
        self.held = False

    def on_start(self):
        self.register_indicator_for_bars(bar_type, self.quick)
        self.register_indicator_for_bars(bar_type, self.steady)
        self.subscribe_bars(bar_type)

    def on_bar(self, bar):
        if not self.steady.initialized:
            return
        up = self.quick.value > self.steady.value
        if up != self.held:
            side = OrderSide.BUY if up else OrderSide.SELL
            one = self.order_factory.market(identity, side, Quantity(1, 0))
            self.submit_order(one)

    def on_order_filled(self, event):
        self.held = event.order_side == OrderSide.BUY
        # A bar's close is the open of our next row.
        self.filled.append(event.ts_event // MINUTE)

    def on_reset(self):
        self.quick.reset()
        self.steady.reset()
        self.filled = []
        self.held = False


engine = BacktestEngine(BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True)))
engine.add_venue(
    venue=venue,
    oms_type=OmsType.NETTING,
    account_type=AccountType.CASH,
    starting_balances=[Money(work.cash, quote)],
)
engine.add_instrument(instrument)
bars = pd.DataFrame(
    {name: work.column(name) for name in ("open", "high", "low", "close")},
    index=pd.to_datetime(work.column("closeTs"), unit="ms", utc=True),
)
# A bar's volume is what may be bought at its prices: more than we want.
bars["volume"] = 1e6
engine.add_data(BarDataWrangler(bar_type, instrument).process(bars))
strategy = Cross()
engine.add_strategy(strategy)


def run():
    engine.reset()
    engine.run()


def prove():
    run()
    filled = np.array(strategy.filled)
    rows = filled[: len(filled) // 2 * 2].reshape(-1, 2)
    account = engine.cache.account_for_venue(venue)
    held = account.balance_total(base)
    last = bars["close"].iloc[-1] * held.as_double() if held is not None else 0.0
    value = math.fsum([account.balance_total(quote).as_double(), last])
    return np.column_stack([np.zeros(len(rows)), rows]), [value]


serve(f"nautilus_trader {nautilus_trader.__version__}", run, prove)
