import { Ema, emaMemory } from './ema.ts';
import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';

class Trix {
  private readonly once: Ema;
  private readonly twice: Ema;
  private readonly thrice: Ema;
  private previous = Number.NaN;

  constructor(length: number) {
    this.once = new Ema(length);
    this.twice = new Ema(length);
    this.thrice = new Ema(length);
  }

  update(x: number): number {
    const smooth = this.thrice.update(this.twice.update(this.once.update(x)));
    const rise = 100 * (ratio(smooth, this.previous) - 1);
    this.previous = smooth;
    return rise;
  }
}

/** TRIX of Hutson (1983): the change of an EMA of an EMA of an EMA from one input to the next, in percent. */
export function trix(length = 15): ValueSpec {
  checkLength('trix', length);
  // A difference of two averages is about `length` times smaller than they are, so it forgets later than they do.
  const warmup = 4 * emaMemory(length) + 1;
  return valueSpec(
    { name: 'trix', args: [length], lines: ['value'], warmup, onPrice: false },
    () => new Trix(length),
  );
}
