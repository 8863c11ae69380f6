import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class Cmo {
  private readonly net: WindowSum;
  private readonly gross: WindowSum;
  private previous = Number.NaN;

  constructor(length: number) {
    this.net = new WindowSum(length);
    this.gross = new WindowSum(length);
  }

  update(x: number): number {
    const change = x - this.previous;
    this.previous = x;
    const net = this.net.update(change);
    const gross = this.gross.update(Math.abs(change));
    return gross === 0 ? 0 : (100 * net) / gross;
  }
}

/**
 * Momentum oscillator of Chande (1994): 100 · (gains − losses) / (gains + losses) over `length` changes, plain sums as
 * he wrote it (TA-Lib smooths them as Wilder does); 0 when nothing moved.
 */
export function cmo(length = 14): ValueSpec {
  checkLength('cmo', length);
  return valueSpec(
    { name: 'cmo', args: [length], lines: ['value'], warmup: length + 1, onPrice: false },
    () => new Cmo(length),
  );
}
