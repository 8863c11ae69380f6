"""backtesting.py: market orders fill at the next open."""

import warnings

import backtesting
import numpy as np
import pandas as pd
from backtesting import Backtest, Strategy
from serve import Work, serve

warnings.filterwarnings("ignore")
backtesting.backtesting._tqdm = lambda rows, **_: rows
work = Work()
fast, slow = work.configs[0]
bars = pd.DataFrame(
    {name.capitalize(): work.column(name) for name in ("open", "high", "low", "close", "volume")},
    index=pd.to_datetime(work.column("openTs"), unit="ms"),
)


def mean(values, length):
    # It waits one bar more than an indicator's NaN values last; with infinite ones it need not, and nothing is above.
    return pd.Series(values).rolling(length).mean().fillna(np.inf)


class Cross(Strategy):
    def init(self):
        self.quick = self.I(mean, self.data.Close, fast)
        self.steady = self.I(mean, self.data.Close, slow)

    def next(self):
        up = self.quick[-1] > self.steady[-1]
        if up and not self.position:
            self.buy(size=1)
        elif not up and self.position:
            self.position.close()


def run():
    return Backtest(bars, Cross, cash=work.cash, commission=work.fee).run()


def prove():
    found = run()
    trades = found["_trades"].sort_values("EntryBar")
    rows = [[0, entry, exit] for entry, exit in zip(trades["EntryBar"], trades["ExitBar"])]
    return rows, [found["_equity_curve"]["Equity"].iloc[-1]]


serve(f"backtesting {backtesting.__version__}, pandas {pd.__version__}", run, prove)
