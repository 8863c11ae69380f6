import { LabError } from '../core/errors.ts';
import { DAY, isoTime, type Millis } from '../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from './bar.ts';
import { timeframeMillis } from './timeframe.ts';

/** The epoch began on a Thursday; weeks begin on Monday. */
const MONDAY = 4 * DAY;

/**
 * Bars of a higher timeframe: first open, highest high, lowest low, last close, summed volume of the bars that open in
 * each bucket. Buckets start at multiples of the timeframe since the epoch, weeks on Monday, all UTC; one without bars
 * gives none. A bar is known when its bucket ends, however early its last trade was.
 *
 * @param options with `partial`, the last bucket is kept although the bars end before it does
 * @throws LabError `data` when a bar reaches past the end of its bucket: the timeframe is no multiple of the bars' own
 */
export function resampleBars(
  bars: BarColumns,
  timeframe: string,
  options: { readonly partial?: boolean } = {},
): BarColumns {
  const length = timeframeMillis(timeframe);
  const rows = bars.openTs.length;
  const coarse = allocateBars(rows);
  let buckets = 0;
  let at = -1;
  for (let row = 0; row < rows; row++) {
    const start = bucketStart(bars.openTs[row]!, length);
    if (bars.closeTs[row]! > start + length) {
      throw new LabError(
        'data',
        `the bar from ${isoTime(bars.openTs[row]!)} to ${isoTime(bars.closeTs[row]!)} does not fit into ${timeframe} bars; choose a multiple of its own timeframe`,
      );
    }
    if (at < 0 || coarse.openTs[at] !== start) {
      at = buckets++;
      coarse.openTs[at] = start;
      coarse.closeTs[at] = start + length;
      coarse.open[at] = bars.open[row]!;
      coarse.high[at] = bars.high[row]!;
      coarse.low[at] = bars.low[row]!;
    } else {
      coarse.high[at] = Math.max(coarse.high[at]!, bars.high[row]!);
      coarse.low[at] = Math.min(coarse.low[at]!, bars.low[row]!);
    }
    coarse.close[at] = bars.close[row]!;
    coarse.volume[at]! += bars.volume[row]!;
  }
  const complete = buckets > 0 && coarse.closeTs[at] === bars.closeTs[rows - 1];
  return sliceBars(coarse, 0, options.partial || complete ? buckets : Math.max(0, buckets - 1));
}

/** Where the bucket of a timeframe that holds `ts` begins. */
export function bucketStart(ts: Millis, length: Millis): Millis {
  const origin = length % (7 * DAY) === 0 ? MONDAY : 0;
  return Math.floor((ts - origin) / length) * length + origin;
}
