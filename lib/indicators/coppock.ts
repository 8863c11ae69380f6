import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Roc } from './roc.ts';
import { Wma } from './wma.ts';

class Coppock {
  private readonly long: Roc;
  private readonly short: Roc;
  private readonly smooth: Wma;

  constructor(length: number, long: number, short: number) {
    this.long = new Roc(long);
    this.short = new Roc(short);
    this.smooth = new Wma(length);
  }

  update(x: number): number {
    return this.smooth.update(this.long.update(x) + this.short.update(x));
  }
}

/** Coppock curve (1962): a weighted mean of two rates of change added up, in percent. */
export function coppock(length = 10, long = 14, short = 11): ValueSpec {
  checkLength('coppock', length);
  checkLength('coppock short', short);
  checkLength('coppock long', long, short);
  const warmup = long + length;
  return valueSpec(
    { name: 'coppock', args: [length, long, short], lines: ['value'], warmup, onPrice: false },
    () => new Coppock(length, long, short),
  );
}
