import { Ema, emaMemory } from './ema.ts';
import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';

/*
 * Averages of averages. Each starts when the one before it has a value, and its start has to be forgotten after the
 * start of the one before, so the memories add up.
 */

class Dema {
  private readonly once: Ema;
  private readonly twice: Ema;

  constructor(length: number) {
    this.once = new Ema(length);
    this.twice = new Ema(length);
  }

  update(x: number): number {
    const once = this.once.update(x);
    return 2 * once - this.twice.update(once);
  }
}

class Tema {
  private readonly once: Ema;
  private readonly twice: Ema;
  private readonly thrice: Ema;

  constructor(length: number) {
    this.once = new Ema(length);
    this.twice = new Ema(length);
    this.thrice = new Ema(length);
  }

  update(x: number): number {
    const once = this.once.update(x);
    const twice = this.twice.update(once);
    return 3 * (once - twice) + this.thrice.update(twice);
  }
}

/** Six averages one of another, mixed by the powers of the volume factor. */
class T3 {
  private readonly emas: readonly Ema[];
  private readonly weights: readonly [number, number, number, number];

  constructor(length: number, v: number) {
    this.emas = Array.from({ length: 6 }, () => new Ema(length));
    this.weights = [(1 + v) ** 3, -3 * v * (1 + v) ** 2, 3 * v * v * (1 + v), -(v ** 3)];
  }

  update(x: number): number {
    const [w3, w4, w5, w6] = this.weights;
    const e3 = this.next(2, this.next(1, this.next(0, x)));
    const e4 = this.next(3, e3);
    const e5 = this.next(4, e4);
    return w3 * e3 + w4 * e4 + w5 * e5 + w6 * this.next(5, e5);
  }

  private next(at: number, x: number): number {
    return this.emas[at]!.update(x);
  }
}

/** Double exponential moving average (Mulloy 1994): 2·EMA − EMA of EMA. */
export function dema(length: number): ValueSpec {
  checkLength('dema', length);
  const warmup = 2 * emaMemory(length);
  return valueSpec(
    { name: 'dema', args: [length], lines: ['value'], warmup, onPrice: true },
    () => new Dema(length),
  );
}

/** Triple exponential moving average (Mulloy 1994): 3·EMA − 3·EMA² + EMA³, a power being the EMA taken so often. */
export function tema(length: number): ValueSpec {
  checkLength('tema', length);
  const warmup = 3 * emaMemory(length);
  return valueSpec(
    { name: 'tema', args: [length], lines: ['value'], warmup, onPrice: true },
    () => new Tema(length),
  );
}

/** T3 of Tillson (1998): the generalized DEMA taken three times; `volumeFactor` in [0, 1], 0 makes it EMA³. */
export function t3(length: number, volumeFactor = 0.7): ValueSpec {
  checkLength('t3', length);
  const warmup = 6 * emaMemory(length);
  return valueSpec(
    { name: 't3', args: [length, volumeFactor], lines: ['value'], warmup, onPrice: true },
    () => new T3(length, volumeFactor),
  );
}
