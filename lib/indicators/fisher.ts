import { type BarInput, type BarSpec, memoryLength } from './indicator.ts';
import { checkLength } from './length.ts';
import { medianPrice } from './price-of-bar.ts';
import { barSpec } from './recurrence.ts';
import { Position } from './stoch.ts';

/** Short of ±1, where the transform has no value. */
const LARGEST = 0.999;

class Fisher {
  readonly others = new Float64Array(1).fill(Number.NaN);
  private readonly position: Position;
  private smooth = 0;
  private fisher = 0;
  private started = false;

  constructor(length: number) {
    this.position = new Position(length);
  }

  update(bar: BarInput): number {
    const price = medianPrice(bar);
    const position = this.position.next(price, price, price);
    if (Number.isNaN(position)) return position;
    this.others[0] = this.started ? this.fisher : Number.NaN;
    this.started = true;
    const smooth = 0.66 * (position / 100 - 0.5) + 0.67 * this.smooth;
    this.smooth = Math.abs(smooth) > 0.99 ? Math.sign(smooth) * LARGEST : smooth;
    this.fisher = 0.5 * Math.log((1 + this.smooth) / (1 - this.smooth)) + 0.5 * this.fisher;
    return this.fisher;
  }
}

/**
 * Fisher transform of Ehlers (2002) of where (high + low) / 2 lies in its range of `length` bars, and as signal its
 * value one bar ago.
 */
export function fisher(length = 9): BarSpec<'fisher' | 'signal'> {
  checkLength('fisher', length, 2);
  // Near ±1 the transform enlarges what is left of the start up to a hundredfold.
  const warmup = length + 1 + Math.ceil(1.5 * memoryLength(0.33)) + memoryLength(0.5);
  return barSpec(
    { name: 'fisher', args: [length], lines: ['fisher', 'signal'], warmup, onPrice: false },
    () => new Fisher(length),
  );
}
