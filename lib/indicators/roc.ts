import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

/** The change over `length` inputs, in percent. */
export class Roc {
  private readonly ring: Ring;

  constructor(length: number) {
    this.ring = new Ring(length);
  }

  update(x: number): number {
    return 100 * (ratio(x, this.ring.push(x)) - 1);
  }
}

class Mom {
  private readonly ring: Ring;

  constructor(length: number) {
    this.ring = new Ring(length);
  }

  update(x: number): number {
    return x - this.ring.push(x);
  }
}

/** Rate of change over `length` inputs, in percent. */
export function roc(length: number): ValueSpec {
  checkLength('roc', length);
  return valueSpec(
    { name: 'roc', args: [length], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Roc(length),
  );
}

/** Momentum: the change over `length` inputs, in the input's unit. */
export function mom(length: number): ValueSpec {
  checkLength('mom', length);
  return valueSpec(
    { name: 'mom', args: [length], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Mom(length),
  );
}
