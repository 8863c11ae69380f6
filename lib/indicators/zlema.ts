import { Ema, emaMemory } from './ema.ts';
import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

class Zlema {
  private readonly lagged: Ring;
  private readonly ema: Ema;

  constructor(length: number) {
    this.lagged = new Ring((length - 1) >> 1);
    this.ema = new Ema(length);
  }

  update(x: number): number {
    return this.ema.update(2 * x - this.lagged.push(x));
  }
}

/** Zero-lag EMA of Ehlers and Way (2010): an EMA of x + (x − x of half a length ago). `length` ≥ 3. */
export function zlema(length: number): ValueSpec {
  checkLength('zlema', length, 3);
  const warmup = ((length - 1) >> 1) + emaMemory(length);
  return valueSpec(
    { name: 'zlema', args: [length], lines: ['value'], warmup, onPrice: true },
    () => new Zlema(length),
  );
}
