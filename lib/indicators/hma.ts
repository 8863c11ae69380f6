import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Wma } from './wma.ts';

class Hma {
  private readonly half: Wma;
  private readonly whole: Wma;
  private readonly smooth: Wma;

  constructor(length: number) {
    this.half = new Wma(Math.floor(length / 2));
    this.whole = new Wma(length);
    this.smooth = new Wma(Math.floor(Math.sqrt(length)));
  }

  update(x: number): number {
    return this.smooth.update(2 * this.half.update(x) - this.whole.update(x));
  }
}

/** Hull moving average (2005): WMA(√length) of 2·WMA(length / 2) − WMA(length), lengths rounded down as in Tulip. */
export function hma(length: number): ValueSpec {
  checkLength('hma', length, 2);
  const warmup = length + Math.floor(Math.sqrt(length)) - 1;
  return valueSpec(
    { name: 'hma', args: [length], lines: ['value'], warmup, onPrice: true },
    () => new Hma(length),
  );
}
