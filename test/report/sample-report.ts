import { Random } from '@streamscalp/lib/core/random';
import { DAY } from '@streamscalp/lib/core/time';
import { allocateBars, type BarColumns } from '@streamscalp/lib/market/bar';
import type { ReportInput } from '@streamscalp/lib/report/report-input';
import { metrics } from '@streamscalp/lib/stats/metrics';
import { type TradeFill, tradesFromFills } from '@streamscalp/lib/stats/trades';

const START = Date.UTC(2019, 0, 1);
const FEE = 0.001;

/** A seeded random walk of bars. */
export function sampleBars(rows: number, step = DAY, seed = 42): BarColumns {
  const random = new Random(seed);
  const bars = allocateBars(rows);
  let price = 100;
  for (let i = 0; i < rows; i++) {
    const open = price;
    for (let k = 0; k < 4; k++) price *= 1 + 0.0002 + 0.006 * random.normal();
    bars.openTs[i] = START + i * step;
    bars.closeTs[i] = START + (i + 1) * step;
    bars.open[i] = open;
    bars.close[i] = price;
    bars.high[i] = Math.max(open, price) * (1 + 0.006 * random.uniform());
    bars.low[i] = Math.min(open, price) * (1 - 0.006 * random.uniform());
    bars.volume[i] = 1000 * random.uniform();
  }
  return bars;
}

export function movingAverage(values: Float64Array, length: number): Float64Array {
  return values.map((_, i) => {
    if (i + 1 < length) return Number.NaN;
    let total = 0;
    for (let k = 0; k < length; k++) total += values[i - k]!;
    return total / length;
  });
}

/** A report on a moving-average cross over a random walk, worked out here so that no other room is needed. */
export function sampleReport(rows: number, changes: Partial<ReportInput> = {}): ReportInput {
  const bars = sampleBars(rows);
  const fast = movingAverage(bars.close, 8);
  const slow = movingAverage(bars.close, 21);
  const fills: TradeFill[] = [];
  const equity = new Float64Array(rows);
  let cash = 100_000;
  let qty = 0;
  let paid = 0;
  let held = 0;
  for (let i = 0; i < rows; i++) {
    const price = bars.open[i]!;
    const up = i > 0 && fast[i - 1]! > slow[i - 1]!;
    const change = up && qty === 0 ? cash / price / (1 + FEE) : up ? 0 : -qty;
    if (change !== 0) {
      const fee = Math.abs(change) * price * FEE;
      cash -= change * price + fee;
      qty += change;
      paid += fee;
      const side = change > 0 ? 1 : -1;
      const ts = bars.openTs[i]! + 1;
      fills.push({
        ts,
        instrument: 0,
        side,
        qty: Math.abs(change),
        price,
        fee,
      });
    }
    if (qty > 0) held++;
    equity[i] = cash + qty * bars.close[i]!;
  }
  const trades = tradesFromFills(fills);
  return {
    title: 'Moving-average cross on a random walk',
    strategy: 'sma-cross',
    params: { fast: 8, slow: 21 },
    symbol: 'SYN/USD',
    venue: 'sample',
    timeframe: '1d',
    synthetic: true,
    costs: { name: 'binanceSpot', description: ['maker 0.10%, taker 0.10%', 'slippage 0 bps'] },
    assumptions: [
      'Market orders fill at the open of the next bar.',
      'Limit orders fill only when the price trades through them by a tick.',
    ],
    cash: 100_000,
    metrics: metrics({
      ts: bars.closeTs,
      equity,
      cash: 100_000,
      trades,
      exposure: held / rows,
      fees: paid,
      traded: fills.reduce((total, fill) => total + fill.qty * fill.price, 0),
      periodsPerYear: 365,
      calendar: '24/7',
    }),
    trades,
    equity: { ts: bars.closeTs, value: equity },
    bars,
    fills,
    indicators: [
      { name: 'sma(8)', values: fast },
      { name: 'sma(21)', values: slow },
    ],
    fingerprint: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
    trialId: 17,
    trialCount: 17,
    warnings: [],
    ...changes,
  };
}
