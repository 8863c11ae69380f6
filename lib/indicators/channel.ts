import { Atr } from './atr.ts';
import { Ema, emaMemory } from './ema.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { wilderMemory } from './rma.ts';
import { WindowExtreme } from './window-extreme.ts';

class Keltner {
  readonly others = new Float64Array(2);
  private readonly ema: Ema;
  private readonly atr: Atr;
  private readonly width: number;

  constructor(length: number, atrLength: number, width: number) {
    this.ema = new Ema(length);
    this.atr = new Atr(atrLength);
    this.width = width;
  }

  update(bar: BarInput): number {
    const middle = this.ema.update(bar.close);
    const band = this.width * this.atr.update(bar);
    this.others[0] = middle + band;
    this.others[1] = middle - band;
    return middle;
  }
}

class Donchian {
  readonly others = new Float64Array(2);
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;

  constructor(length: number) {
    this.highest = new WindowExtreme(length, 1);
    this.lowest = new WindowExtreme(length, -1);
  }

  update({ high, low }: BarInput): number {
    const upper = this.highest.update(high);
    const lower = this.lowest.update(low);
    this.others[0] = upper;
    this.others[1] = lower;
    return (upper + lower) / 2;
  }
}

class Chandelier {
  readonly others = new Float64Array(1);
  private readonly highest: WindowExtreme;
  private readonly lowest: WindowExtreme;
  private readonly atr: Atr;
  private readonly width: number;

  constructor(length: number, width: number) {
    this.highest = new WindowExtreme(length, 1);
    this.lowest = new WindowExtreme(length, -1);
    this.atr = new Atr(length);
    this.width = width;
  }

  update(bar: BarInput): number {
    const room = this.width * this.atr.update(bar);
    this.others[0] = this.lowest.update(bar.low) + room;
    return this.highest.update(bar.high) - room;
  }
}

/** Keltner channel as Raschke draws it: an EMA of closes and `width` average true ranges to either side. */
export function keltner(
  length = 20,
  atrLength = 10,
  width = 2,
): BarSpec<'middle' | 'upper' | 'lower'> {
  checkLength('keltner', length);
  checkLength('keltner atr', atrLength);
  return barSpec(
    {
      name: 'keltner',
      args: [length, atrLength, width],
      lines: ['middle', 'upper', 'lower'],
      warmup: Math.max(emaMemory(length), 1 + wilderMemory(atrLength)),
      onPrice: true,
    },
    () => new Keltner(length, atrLength, width),
  );
}

/** Donchian channel: the highest high and the lowest low of `length` bars, this one among them, and their middle. */
export function donchian(length = 20): BarSpec<'middle' | 'upper' | 'lower'> {
  checkLength('donchian', length);
  return barSpec(
    {
      name: 'donchian',
      args: [length],
      lines: ['middle', 'upper', 'lower'],
      warmup: length,
      onPrice: true,
    },
    () => new Donchian(length),
  );
}

/** Chandelier exit of Le Beau: `width` average true ranges below the highest high, and above the lowest low. */
export function chandelierExit(length = 22, width = 3): BarSpec<'long' | 'short'> {
  checkLength('chandelierExit', length);
  const warmup = 1 + wilderMemory(length);
  return barSpec(
    {
      name: 'chandelierExit',
      args: [length, width],
      lines: ['long', 'short'],
      warmup,
      onPrice: true,
    },
    () => new Chandelier(length, width),
  );
}
