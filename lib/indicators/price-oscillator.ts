import { Ema, emaMemory } from './ema.ts';
import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { valueSpec } from './recurrence.ts';

class Apo {
  private readonly fast: Ema;
  private readonly slow: Ema;

  constructor(fast: number, slow: number) {
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
  }

  update(x: number): number {
    return this.fast.update(x) - this.slow.update(x);
  }
}

class Ppo {
  readonly others = new Float64Array(2);
  private readonly fast: Ema;
  private readonly slow: Ema;
  private readonly smooth: Ema;

  constructor(fast: number, slow: number, signal: number) {
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
    this.smooth = new Ema(signal);
  }

  update(x: number): number {
    const ppo = 100 * (ratio(this.fast.update(x), this.slow.update(x)) - 1);
    const signal = this.smooth.update(ppo);
    this.others[0] = signal;
    this.others[1] = ppo - signal;
    return ppo;
  }
}

/** Absolute price oscillator: EMA(fast) − EMA(slow), MACD without its signal. */
export function apo(fast = 12, slow = 26): ValueSpec {
  checkLength('apo fast', fast);
  checkLength('apo slow', slow, fast + 1);
  return valueSpec(
    { name: 'apo', args: [fast, slow], lines: ['value'], warmup: emaMemory(slow), onPrice: false },
    () => new Apo(fast, slow),
  );
}

/** Percentage price oscillator: MACD in percent of the slow average, its EMA(signal), and their difference. */
export function ppo(fast = 12, slow = 26, signal = 9): ValueSpec<'ppo' | 'signal' | 'histogram'> {
  checkLength('ppo fast', fast);
  checkLength('ppo slow', slow, fast + 1);
  checkLength('ppo signal', signal);
  return valueSpec(
    {
      name: 'ppo',
      args: [fast, slow, signal],
      lines: ['ppo', 'signal', 'histogram'],
      warmup: emaMemory(slow) + emaMemory(signal),
      onPrice: false,
    },
    () => new Ppo(fast, slow, signal),
  );
}
