import { Ema, emaMemory } from './ema.ts';
import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';

/** An EMA of an EMA. */
class Twice {
  private readonly inner: Ema;
  private readonly outer: Ema;

  constructor(inner: number, outer: number) {
    this.inner = new Ema(inner);
    this.outer = new Ema(outer);
  }

  update(x: number): number {
    return this.outer.update(this.inner.update(x));
  }
}

class Tsi {
  readonly others = new Float64Array(1);
  private readonly net: Twice;
  private readonly gross: Twice;
  private readonly smooth: Ema;
  private previous = Number.NaN;

  constructor(slow: number, fast: number, signal: number) {
    this.net = new Twice(slow, fast);
    this.gross = new Twice(slow, fast);
    this.smooth = new Ema(signal);
  }

  update(x: number): number {
    const change = x - this.previous;
    this.previous = x;
    const net = this.net.update(change);
    const gross = this.gross.update(Math.abs(change));
    const tsi = gross === 0 ? 0 : (100 * net) / gross;
    this.others[0] = this.smooth.update(tsi);
    return tsi;
  }
}

/** True strength index of Blau (1991): changes over their sizes, both smoothed twice, in [−100, 100], and its EMA. */
export function tsi(slow = 25, fast = 13, signal = 13): ValueSpec<'tsi' | 'signal'> {
  checkLength('tsi slow', slow);
  checkLength('tsi fast', fast);
  checkLength('tsi signal', signal);
  return valueSpec(
    {
      name: 'tsi',
      args: [slow, fast, signal],
      lines: ['tsi', 'signal'],
      warmup: 1 + emaMemory(slow) + emaMemory(fast) + emaMemory(signal),
      onPrice: false,
    },
    () => new Tsi(slow, fast, signal),
  );
}
