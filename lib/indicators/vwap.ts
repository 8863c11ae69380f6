import { LabError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { typicalPrice } from './price-of-bar.ts';
import { ratio } from './ratio.ts';
import { barSpec } from './recurrence.ts';
import { WindowSum } from './window-sum.ts';

class RollingVwap {
  private readonly money: WindowSum;
  private readonly volume: WindowSum;

  constructor(length: number) {
    this.money = new WindowSum(length);
    this.volume = new WindowSum(length);
  }

  update(bar: BarInput): number {
    const money = this.money.update(typicalPrice(bar) * bar.volume);
    return ratio(money, this.volume.update(bar.volume));
  }
}

/** Sums from the start of a session, and the spread of prices around their mean. */
class SessionVwap {
  readonly others = new Float64Array(2);
  private readonly session: number;
  private readonly offset: number;
  private readonly width: number;
  private current = Number.NaN;
  private volume = 0;
  private mean = 0;
  private squares = 0;

  constructor(session: number, offset: number, width: number) {
    this.session = session;
    this.offset = offset;
    this.width = width;
  }

  update(bar: BarInput): number {
    const session = Math.floor((bar.openTs - this.offset) / this.session);
    if (session !== this.current) {
      this.current = session;
      this.volume = 0;
      this.mean = 0;
      this.squares = 0;
    }
    const { volume } = bar;
    this.volume += volume;
    if (this.volume > 0) {
      // The weighted form of Welford: squares grow by the distances to the mean before and after.
      const distance = typicalPrice(bar) - this.mean;
      this.mean += (volume / this.volume) * distance;
      this.squares += volume * distance * (typicalPrice(bar) - this.mean);
    }
    const vwap = this.volume > 0 ? this.mean : typicalPrice(bar);
    const band = this.volume > 0 ? this.width * Math.sqrt(this.squares / this.volume) : 0;
    this.others[0] = vwap + band;
    this.others[1] = vwap - band;
    return vwap;
  }
}

/** Volume-weighted average of the typical price over `length` bars; NaN when nothing was traded. */
export function rollingVwap(length: number): BarSpec {
  checkLength('rollingVwap', length);
  return barSpec(
    { name: 'rollingVwap', args: [length], lines: ['value'], warmup: length, onPrice: true },
    () => new RollingVwap(length),
  );
}

/**
 * Volume-weighted average of the typical price since the session began, and `width` volume-weighted deviations to
 * either side. Until something is traded it is the typical price.
 *
 * Sessions are `session` ms long and begin at multiples of it after `offset`, in UTC; a day from midnight holds one
 * session of any exchange whose trading does not cross it. It knows the session it started in from its first bar on;
 * what it says agrees with one that started earlier from the next session on, so the warm-up is one bar.
 */
export function sessionVwap(
  session = DAY,
  offset = 0,
  width = 2,
): BarSpec<'value' | 'upper' | 'lower'> {
  if (!(session > 0) || !Number.isFinite(offset)) {
    throw new LabError(
      'params',
      `sessionVwap session is ${session} ms and offset ${offset} ms; expected a length above 0 and a finite offset`,
    );
  }
  return barSpec(
    {
      name: 'sessionVwap',
      args: [session, offset, width],
      lines: ['value', 'upper', 'lower'],
      warmup: 1,
      onPrice: true,
    },
    () => new SessionVwap(session, offset, width),
  );
}
