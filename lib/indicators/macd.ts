import { Ema, emaMemory } from './ema.ts';
import type { ValueIndicator, ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

class Macd implements ValueIndicator {
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly smooth: Ema;

  constructor(fast: number, slow: number, signal: number) {
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
    this.smooth = new Ema(signal);
  }

  update(x: number): number {
    const macd = this.fast.update(x) - this.slow.update(x);
    this.smooth.update(macd);
    return macd;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const [macd, signal, histogram] = lines as [Float64Array, Float64Array, Float64Array];
    const { fast, slow, smooth } = this;
    let i = 0;
    for (; i < n && !smooth.started; i++) {
      macd[i] = this.update(xs[from + i]!);
      signal[i] = smooth.started && !Number.isNaN(macd[i]!) ? smooth.mean : Number.NaN;
      histogram[i] = macd[i]! - signal[i]!;
    }
    let quick = fast.mean;
    let steady = slow.mean;
    let smoothed = smooth.mean;
    const { alpha: quickAlpha } = fast;
    const { alpha: steadyAlpha } = slow;
    const { alpha: smoothAlpha } = smooth;
    // The three averages in one pass: fast and slow do not wait for each other.
    for (; i < n; i++) {
      const x = xs[from + i]!;
      if (Number.isNaN(x)) {
        macd[i] = x;
        signal[i] = x;
        histogram[i] = x;
        continue;
      }
      quick += quickAlpha * (x - quick);
      steady += steadyAlpha * (x - steady);
      const line = quick - steady;
      smoothed += smoothAlpha * (line - smoothed);
      macd[i] = line;
      signal[i] = smoothed;
      histogram[i] = line - smoothed;
    }
    fast.mean = quick;
    slow.mean = steady;
    smooth.mean = smoothed;
  }
}

/** Moving average convergence divergence (Appel): EMA(fast) − EMA(slow), its EMA(signal), and their difference. */
export function macd(fast = 12, slow = 26, signal = 9): ValueSpec<'macd' | 'signal' | 'histogram'> {
  checkLength('macd fast', fast);
  checkLength('macd slow', slow, fast + 1);
  checkLength('macd signal', signal);
  return {
    input: 'value',
    name: 'macd',
    args: [fast, slow, signal],
    lines: ['macd', 'signal', 'histogram'],
    warmup: emaMemory(slow) + emaMemory(signal),
    onPrice: false,
    create: () => new Macd(fast, slow, signal),
  };
}
