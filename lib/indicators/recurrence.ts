import type {
  BarIndicator,
  BarInput,
  BarInputColumns,
  BarSpec,
  ValueIndicator,
  ValueSpec,
} from './indicator.ts';

/*
 * Most indicators are written as one step: the next input to the new first line, the other lines beside it. The runs
 * below make the batch form of a step, and pass over inputs that are NaN: the answer is NaN and the step never hears
 * of it. A few of the most used have a batch of their own, with their state in registers.
 */

/** The step of an indicator of values. */
export interface ValueStep {
  update(x: number): number;
  /** The lines after the first, as of the last update. */
  readonly others?: Float64Array;
}

/** The step of an indicator of bars. */
export interface BarStep {
  update(bar: BarInput): number;
  readonly others?: Float64Array;
}

interface Declaration<Line extends string> {
  readonly name: string;
  readonly args: readonly number[];
  readonly lines: readonly Line[];
  readonly warmup: number;
  readonly onPrice: boolean;
}

const NO_OTHERS = new Float64Array(0);

class ValueRun implements ValueIndicator {
  private readonly step: ValueStep;
  private readonly others: Float64Array;

  constructor(step: ValueStep) {
    this.step = step;
    this.others = step.others ?? NO_OTHERS;
  }

  update(x: number): number {
    return Number.isNaN(x) ? x : this.step.update(x);
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const { step, others } = this;
    const first = lines[0]!;
    for (let i = 0; i < n; i++) {
      const x = xs[from + i]!;
      const missing = Number.isNaN(x);
      first[i] = missing ? x : step.update(x);
      for (let k = 0; k < others.length; k++) lines[k + 1]![i] = missing ? x : others[k]!;
    }
  }
}

class BarRun implements BarIndicator {
  private readonly step: BarStep;
  private readonly others: Float64Array;
  /** One bar loaded from the columns row by row. */
  private readonly row = { openTs: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };

  constructor(step: BarStep) {
    this.step = step;
    this.others = step.others ?? NO_OTHERS;
  }

  update(bar: BarInput): number {
    return isMissing(bar) ? Number.NaN : this.step.update(bar);
  }

  batch(bars: BarInputColumns, from: number, n: number, lines: readonly Float64Array[]): void {
    const { step, others, row } = this;
    const { openTs, open, high, low, close, volume } = bars;
    const first = lines[0]!;
    for (let i = 0; i < n; i++) {
      row.openTs = openTs[from + i]!;
      row.open = open[from + i]!;
      row.high = high[from + i]!;
      row.low = low[from + i]!;
      row.close = close[from + i]!;
      row.volume = volume[from + i]!;
      const missing = isMissing(row);
      first[i] = missing ? Number.NaN : step.update(row);
      for (let k = 0; k < others.length; k++) lines[k + 1]![i] = missing ? Number.NaN : others[k]!;
    }
  }
}

function isMissing({ open, high, low, close, volume }: BarInput): boolean {
  return Number.isNaN(open + high + low + close + volume);
}

/** Declares an indicator of values by its step. */
export function valueSpec<Line extends string>(
  declaration: Declaration<Line>,
  step: () => ValueStep,
): ValueSpec<Line> {
  return { input: 'value', ...declaration, create: () => new ValueRun(step()) };
}

/** Declares an indicator of bars by its step. */
export function barSpec<Line extends string>(
  declaration: Declaration<Line>,
  step: () => BarStep,
): BarSpec<Line> {
  return { input: 'bar', ...declaration, create: () => new BarRun(step()) };
}
