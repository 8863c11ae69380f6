import { Ema } from './ema.ts';
import { memoryLength, type ValueIndicator, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

class Macd implements ValueIndicator {
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly smooth: Ema;
  private signal = Number.NaN;

  constructor(fast: number, slow: number, signal: number) {
    this.fast = new Ema(fast, 2 / (fast + 1));
    this.slow = new Ema(slow, 2 / (slow + 1));
    this.smooth = new Ema(signal, 2 / (signal + 1));
  }

  update(x: number): number {
    const macd = this.fast.update(x) - this.slow.update(x);
    if (!Number.isNaN(macd)) this.signal = this.smooth.update(macd);
    return macd;
  }

  batch(xs: Float64Array, from: number, n: number, lines: readonly Float64Array[]): void {
    const [macd, signal, histogram] = lines as [Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < n; i++) {
      const line = this.update(xs[from + i]!);
      macd[i] = line;
      signal[i] = this.signal;
      histogram[i] = line - this.signal;
    }
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
    warmup: Math.max(slow, memoryLength(2 / (slow + 1))) + memoryLength(2 / (signal + 1)),
    onPrice: false,
    create: () => new Macd(fast, slow, signal),
  };
}
