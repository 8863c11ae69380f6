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
    this.fast.batch(xs, from, n, [macd]);
    this.slow.batch(xs, from, n, [histogram]);
    for (let i = 0; i < n; i++) macd[i] = macd[i]! - histogram[i]!;
    this.smooth.batch(macd, 0, n, [signal]);
    for (let i = 0; i < n; i++) histogram[i] = macd[i]! - signal[i]!;
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
