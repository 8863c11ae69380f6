import type { BarInput, BarSpec, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec, valueSpec } from './recurrence.ts';
import { wilderMemory } from './rma.ts';
import { Rsi } from './rsi.ts';
import { WindowExtreme } from './window-extreme.ts';
import { WindowSum } from './window-sum.ts';

/** Where a value lies between the lowest and the highest of a window: 0 to 100, and 50 when the two are equal. */
export class Position {
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;

  constructor(length: number) {
    this.highest = new WindowExtreme(length, 1);
    this.lowest = new WindowExtreme(length, -1);
  }

  next(high: number, low: number, x: number): number {
    const highest = this.highest.update(high);
    const lowest = this.lowest.update(low);
    return highest === lowest ? 50 : (100 * (x - lowest)) / (highest - lowest);
  }
}

/** %K and %D: the position smoothed once and twice. */
class Smoothed {
  readonly others = new Float64Array(1);
  private readonly k: WindowSum;
  private readonly d: WindowSum;

  constructor(smooth: number, signal: number) {
    this.k = new WindowSum(smooth, smooth);
    this.d = new WindowSum(signal, signal);
  }

  update(position: number): number {
    const k = this.k.update(position);
    this.others[0] = this.d.update(k);
    return k;
  }
}

class Stoch {
  readonly others: Float64Array;
  private readonly position: Position;
  private readonly smoothed: Smoothed;

  constructor(length: number, smooth: number, signal: number) {
    this.position = new Position(length);
    this.smoothed = new Smoothed(smooth, signal);
    this.others = this.smoothed.others;
  }

  update({ high, low, close }: BarInput): number {
    return this.smoothed.update(this.position.next(high, low, close));
  }
}

class StochRsi {
  readonly others: Float64Array;
  private readonly rsi: Rsi;
  private readonly position: Position;
  private readonly smoothed: Smoothed;

  constructor(rsiLength: number, length: number, smooth: number, signal: number) {
    this.rsi = new Rsi(rsiLength);
    this.position = new Position(length);
    this.smoothed = new Smoothed(smooth, signal);
    this.others = this.smoothed.others;
  }

  update(x: number): number {
    const rsi = this.rsi.update(x);
    return this.smoothed.update(this.position.next(rsi, rsi, rsi));
  }
}

class WilliamsR {
  private readonly position: Position;

  constructor(length: number) {
    this.position = new Position(length);
  }

  update({ high, low, close }: BarInput): number {
    return this.position.next(high, low, close) - 100;
  }
}

/**
 * Stochastic oscillator of Lane: the close within the range of `length` bars, in [0, 100], smoothed by a mean of
 * `smooth` (1 makes it the fast one) and its signal by a mean of `signal`. A range of nothing counts as 50.
 */
export function stoch(length = 14, smooth = 3, signal = 3): BarSpec<'k' | 'd'> {
  checkLength('stoch', length);
  checkLength('stoch smooth', smooth);
  checkLength('stoch signal', signal);
  const warmup = length + smooth + signal - 2;
  return barSpec(
    { name: 'stoch', args: [length, smooth, signal], lines: ['k', 'd'], warmup, onPrice: false },
    () => new Stoch(length, smooth, signal),
  );
}

/** Stochastic RSI of Chande and Kroll (1994): the RSI within its own range of `length`, in [0, 100], smoothed twice. */
export function stochRsi(
  rsiLength = 14,
  length = 14,
  smooth = 3,
  signal = 3,
): ValueSpec<'k' | 'd'> {
  checkLength('stochRsi rsi', rsiLength);
  checkLength('stochRsi', length);
  checkLength('stochRsi smooth', smooth);
  checkLength('stochRsi signal', signal);
  // A quotient of small differences: the start of the RSI has to be forgotten twice as far.
  const warmup = 1 + 2 * wilderMemory(rsiLength) + length + smooth + signal - 3;
  return valueSpec(
    {
      name: 'stochRsi',
      args: [rsiLength, length, smooth, signal],
      lines: ['k', 'd'],
      warmup,
      onPrice: false,
    },
    () => new StochRsi(rsiLength, length, smooth, signal),
  );
}

/** Williams %R: the close within the range of `length` bars, from −100 at its low to 0 at its high. */
export function williamsR(length = 14): BarSpec {
  checkLength('williamsR', length);
  return barSpec(
    { name: 'williamsR', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new WilliamsR(length),
  );
}
