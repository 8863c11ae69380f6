import type { BarColumns } from '@streamscalp/lib';
import { readColumns } from './columns.ts';
import { INDICATOR_LOOPS } from './plain-indicators.ts';
import { replayLimit } from './plain-replay.ts';
import type { Proof } from './proof.ts';
import { type Performance, serve, workOfProcess } from './serve.ts';
import type { Work } from './work.ts';

/*
 * The limit: each workload's arithmetic as one loop over typed arrays, with nothing of an engine. limit.c is the same.
 * A loop writes what a run keeps: entry and exit rows, and equity per bar where there is one config.
 */

/** What the loop writes; `equity` is as long as the rows, or empty when only the end counts. */
interface Kept {
  readonly entries: Int32Array;
  readonly exits: Int32Array;
  readonly equity: Float64Array;
  trades: number;
  final: number;
}

/** Long with all cash while SMA(fast) > SMA(slow). */
function cross(
  { open, close }: BarColumns,
  { cash, fee }: Work,
  pair: readonly number[],
  kept: Kept,
): void {
  const [fast = 0, slow = 0] = pair;
  const { entries, exits, equity } = kept;
  const rows = close.length;
  const keeps = equity.length > 0;
  let quick = 0;
  let steady = 0;
  let money = cash;
  let qty = 0;
  let want = false;
  let trades = 0;
  for (let i = 0; i < rows; i++) {
    if (want && qty === 0) {
      qty = money / (open[i]! * (1 + fee));
      money -= qty * open[i]! * (1 + fee);
      entries[trades] = i;
    } else if (!want && qty > 0) {
      money += qty * open[i]! * (1 - fee);
      qty = 0;
      exits[trades++] = i;
    }
    const price = close[i]!;
    if (keeps) equity[i] = money + qty * price;
    quick += price;
    steady += price;
    if (i >= fast) quick -= close[i - fast]!;
    if (i >= slow) steady -= close[i - slow]!;
    want = i >= slow - 1 && quick / fast > steady / slow;
  }
  kept.trades = trades;
  kept.final = money + qty * close[rows - 1]!;
}

/** Enters where SMA(fast) crosses above SMA(slow), leaves at 2 ATR below or 3 ATR above. */
function bracket(bars: BarColumns, work: Work, pair: readonly number[], kept: Kept): void {
  const { open, high, low, close } = bars;
  const { cash, fee, firstRow } = work;
  const [fast = 0, slow = 0] = pair;
  const { entries, exits, equity } = kept;
  const rows = close.length;
  let quick = 0;
  let steady = 0;
  let width = 0;
  let money = cash;
  let qty = 0;
  let share = 0;
  let stop = 0;
  let target = 0;
  let above = true;
  let trades = 0;
  for (let i = 0; i < rows; i++) {
    const price = close[i]!;
    let filled = false;
    if (share > 0) {
      qty = (money * share) / (open[i]! * (1 + fee));
      money -= qty * open[i]! * (1 + fee);
      entries[trades] = i;
      share = 0;
      filled = true;
    }
    if (qty > 0) {
      let out = 0;
      if (open[i]! <= stop || open[i]! >= target) out = open[i]!;
      else if (low[i]! <= stop) out = stop;
      else if (high[i]! >= target) out = target;
      if (out > 0) {
        money += qty * out * (1 - fee);
        qty = 0;
        exits[trades++] = i;
        filled = true;
      }
    }
    equity[i] = money + qty * price;
    quick += price;
    steady += price;
    if (i >= fast) quick -= close[i - fast]!;
    if (i >= slow) steady -= close[i - slow]!;
    if (i > 0) {
      const before = close[i - 1]!;
      const range = Math.max(high[i]!, before) - Math.min(low[i]!, before);
      width += (i <= 14 ? range : range - width) / 14;
    }
    if (i < firstRow) continue;
    const up = quick / fast > steady / slow;
    if (up && !above && !filled && qty === 0) {
      share = Math.min(1, (0.001 * price) / (2 * width));
      stop = price - 2 * width;
      target = price + 3 * width;
    }
    above = up;
  }
  kept.trades = trades;
  kept.final = money + qty * close[rows - 1]!;
}

/** Buys and sells by turns, an order on every bar. */
function cells(
  { open, close }: BarColumns,
  { cash, fee }: Work,
  config: readonly number[],
  kept: Kept,
): void {
  const [units = 0] = config;
  const { entries, exits } = kept;
  const rows = close.length;
  let money = cash;
  let qty = 0;
  let trades = 0;
  for (let i = 1; i < rows; i++) {
    if (qty === 0) {
      qty = units;
      money -= qty * open[i]! * (1 + fee);
      entries[trades] = i;
    } else {
      money += qty * open[i]! * (1 - fee);
      qty = 0;
      exits[trades++] = i;
    }
  }
  kept.trades = trades;
  kept.final = money + qty * close[rows - 1]!;
}

const { folder, work } = workOfProcess();
const bars = readColumns(folder, work.kind === 'quotes' ? 0 : work.rows);

function strategyLimit(): Performance {
  const loop = { cross, bracket, cells }[work.kind as 'cross' | 'bracket' | 'cells'];
  const kept: Kept = {
    entries: new Int32Array(work.rows),
    exits: new Int32Array(work.rows),
    equity: new Float64Array(work.configs.length === 1 ? work.rows : 0),
    trades: 0,
    final: 0,
  };
  return {
    run: () => {
      for (const config of work.configs) loop(bars, work, config, kept);
    },
    prove(): Proof {
      const rows: number[] = [];
      const values = work.configs.map((config, at) => {
        loop(bars, work, config, kept);
        for (let i = 0; i < kept.trades; i++) rows.push(at, kept.entries[i]!, kept.exits[i]!);
        return kept.final;
      });
      return { rows: Int32Array.from(rows), values: Float64Array.from(values) };
    },
  };
}

function indicatorLimit(name: string): Performance {
  const [loop, count] = INDICATOR_LOOPS[name]!;
  const lines = Array.from({ length: count }, () => new Float64Array(work.rows));
  const run = () => loop(bars, lines);
  return {
    run,
    prove() {
      run();
      const values = lines.flatMap((line) => [...line.subarray(work.firstRow)]);
      return { rows: new Int32Array(0), values: Float64Array.from(values) };
    },
  };
}

function limit(): Performance {
  if (work.kind === 'quotes') return replayLimit(folder, work);
  return work.kind === 'indicator' ? indicatorLimit(work.indicator!) : strategyLimit();
}

await serve(`Node ${process.version}`, limit());
