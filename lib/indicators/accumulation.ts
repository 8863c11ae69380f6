import { Ema, emaMemory } from './ema.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

/** Volume times where the close lies in the bar's range, from −1 at the low to 1 at the high. */
function moneyFlow({ high, low, close, volume }: BarInput): number {
  return high > low ? ((2 * close - low - high) / (high - low)) * volume : 0;
}

class Ad {
  private total = 0;

  update(bar: BarInput): number {
    this.total += moneyFlow(bar);
    return this.total;
  }
}

class Adosc {
  private readonly ad = new Ad();
  private readonly fast: Ema;
  private readonly slow: Ema;

  constructor(fast: number, slow: number) {
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
  }

  update(bar: BarInput): number {
    const ad = this.ad.update(bar);
    return this.fast.update(ad) - this.slow.update(ad);
  }
}

class Cmf {
  private readonly flow: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number) {
    this.flow = new WindowSum(length);
    this.volume = new WindowSum(length);
  }

  update(bar: BarInput): number {
    return ratio(this.flow.update(moneyFlow(bar)), this.volume.update(bar.volume));
  }
}

/** Accumulation/distribution line of Chaikin: Σ money flow since the first bar, so only its changes mean anything. */
export function ad(): BarSpec {
  return barSpec(
    { name: 'ad', args: [], lines: ['value'], warmup: 1, onPrice: false },
    () => new Ad(),
  );
}

/** Chaikin oscillator: EMA(fast) − EMA(slow) of the accumulation/distribution line, in units of volume. */
export function adosc(fast = 3, slow = 10): BarSpec {
  checkLength('adosc fast', fast);
  checkLength('adosc slow', slow, fast + 1);
  const warmup = 2 * emaMemory(slow);
  return barSpec(
    { name: 'adosc', args: [fast, slow], lines: ['value'], warmup, onPrice: false },
    () => new Adosc(fast, slow),
  );
}

/** Chaikin money flow: Σ money flow / Σ volume over `length` bars, in [−1, 1]; NaN when nothing was traded. */
export function cmf(length = 20): BarSpec {
  checkLength('cmf', length);
  return barSpec(
    { name: 'cmf', args: [length], lines: ['value'], warmup: length, onPrice: false },
    () => new Cmf(length),
  );
}
