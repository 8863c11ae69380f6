"""backtrader: market orders fill at the next open."""

import backtrader as bt
import numpy as np
import pandas as pd
from serve import Work, serve

work = Work()
fast, slow = work.configs[0]
bars = pd.DataFrame(
    {name: work.column(name) for name in ("open", "high", "low", "close", "volume")},
    index=pd.to_datetime(work.column("openTs"), unit="ms"),
)


class Cross(bt.Strategy):
    def __init__(self):
        self.quick = bt.ind.SMA(self.data.close, period=fast)
        self.steady = bt.ind.SMA(self.data.close, period=slow)
        self.filled = []

    def notify_order(self, order):
        if order.status == order.Completed:
            self.filled.append(len(self) - 1)

    def next(self):
        up = self.quick[0] > self.steady[0]
        if up and not self.position:
            self.buy(size=1)
        elif not up and self.position:
            self.close()


def simulate():
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=bars))
    cerebro.addstrategy(Cross)
    cerebro.broker.setcash(work.cash)
    cerebro.broker.setcommission(commission=work.fee)
    (strategy,) = cerebro.run()
    return strategy.filled, cerebro.broker.getvalue()


def prove():
    filled, value = simulate()
    closed = len(filled) // 2 * 2
    rows = np.array(filled[:closed]).reshape(-1, 2)
    return np.column_stack([np.zeros(len(rows)), rows]), [value]


serve(f"backtrader {bt.__version__}", simulate, prove)
