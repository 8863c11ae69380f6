import { LabError } from '../core/errors.ts';
import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { barSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

class VolumeProfile {
  readonly others = new Float64Array(2);
  private readonly highs: Ring;
  private readonly lows: Ring;
  private readonly volumes: Ring;
  private readonly bins: Float64Array;
  private readonly share: number;

  constructor(length: number, bins: number, share: number) {
    this.highs = new Ring(length);
    this.lows = new Ring(length);
    this.volumes = new Ring(length);
    this.bins = new Float64Array(bins);
    this.share = share;
  }

  update({ high, low, close, volume }: BarInput): number {
    this.highs.push(high);
    this.lows.push(low);
    this.volumes.push(volume);
    this.others.fill(Number.NaN);
    if (!this.highs.full) return Number.NaN;
    let bottom = low;
    let top = high;
    for (let i = 0; i < this.lows.values.length; i++) {
      bottom = Math.min(bottom, this.lows.values[i]!);
      top = Math.max(top, this.highs.values[i]!);
    }
    if (top === bottom) {
      this.others.fill(close);
      return close;
    }
    const height = (top - bottom) / this.bins.length;
    return this.read(bottom, height, this.spread(bottom, height));
  }

  /** Lays the volume of each bar evenly over its range and returns the sum of it all. */
  private spread(bottom: number, height: number): number {
    const { bins } = this;
    const last = bins.length - 1;
    bins.fill(0);
    let total = 0;
    // From the oldest bar to the newest, so that equal windows give equal bits wherever the rings stand.
    for (let back = this.lows.values.length - 1; back >= 0; back--) {
      const from = (this.lows.ago(back) - bottom) / height;
      const to = (this.highs.ago(back) - bottom) / height;
      const volume = this.volumes.ago(back);
      const first = Math.min(last, Math.floor(from));
      const final = Math.min(last, Math.floor(to));
      total += volume;
      if (first === final) bins[first]! += volume;
      else {
        const perBin = volume / (to - from);
        bins[first]! += perBin * (first + 1 - from);
        for (let bin = first + 1; bin < final; bin++) bins[bin]! += perBin;
        bins[final]! += perBin * (to - final);
      }
    }
    return total;
  }

  /** Finds the fullest bin and grows from it to the fuller neighbour until the share is reached. */
  private read(bottom: number, height: number, total: number): number {
    const { bins } = this;
    let peak = 0;
    for (let bin = 1; bin < bins.length; bin++) if (bins[bin]! > bins[peak]!) peak = bin;
    let below = peak - 1;
    let above = peak + 1;
    let held = bins[peak]!;
    while (held < this.share * total && (below >= 0 || above < bins.length)) {
      const under = below >= 0 ? bins[below]! : -1;
      const over = above < bins.length ? bins[above]! : -1;
      if (over >= under) above++;
      else below--;
      held += Math.max(over, under);
    }
    this.others[0] = bottom + above * height;
    this.others[1] = bottom + (below + 1) * height;
    return bottom + (peak + 0.5) * height;
  }
}

/**
 * Volume profile of `length` bars in `bins` price bins from their lowest low to their highest high: the point of
 * control, which is the middle of the fullest bin, and the value area around it that holds `share` of the volume. A
 * bar's volume is taken to be spread evenly over its range, which is all that a bar tells. Of equal bins the lower one
 * is the peak and the upper one joins first. Costs length + bins per bar.
 */
export function volumeProfile(
  length: number,
  bins = 24,
  share = 0.7,
): BarSpec<'poc' | 'high' | 'low'> {
  checkLength('volumeProfile', length);
  checkLength('volumeProfile bins', bins);
  if (!(share > 0 && share <= 1)) {
    throw new LabError('params', `volumeProfile share is ${share}; expected more than 0, up to 1`);
  }
  return barSpec(
    {
      name: 'volumeProfile',
      args: [length, bins, share],
      lines: ['poc', 'high', 'low'],
      warmup: length,
      onPrice: true,
    },
    () => new VolumeProfile(length, bins, share),
  );
}
