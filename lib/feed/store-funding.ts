import { HOUR } from '../core/time.ts';
import type { FundingStream } from '../market/funding.ts';
import type { InstrumentKey } from '../store/layout.ts';
import { rememberSources } from '../store/origin.ts';
import { unknownSeries } from '../store/refusal.ts';
import type { TimeRange } from '../store/series-files.ts';
import type { Store } from '../store/store.ts';

/**
 * The stored funding of a perpetual, and the longest time between two payments that the venue told. A run remembers which
 * rows they were, so that a passport can name them.
 *
 * @param bound largest rate to assume where a payment is missing; without it a hole refuses the run
 * @throws LabError `data` when the store has none of it
 */
export async function storeFunding(
  store: Store,
  { venue, symbol, ...range }: InstrumentKey & TimeRange,
  bound?: number,
): Promise<FundingStream> {
  const series = { venue, symbol };
  if (!(await store.has('funding', series))) {
    throw await unknownSeries(store.root, series, 'funding');
  }
  const rows = await store.read('funding', series, range);
  const { availableTs, rate, markPrice, intervalHours } = rows;
  // NaN where the venue did not tell.
  const hours = intervalHours.filter((each) => each > 0).reduce((a, b) => Math.max(a, b), 0);
  const stream = {
    availableTs,
    rate,
    markPrice,
    ...(hours > 0 && { interval: hours * HOUR }),
    ...(bound !== undefined && { bound }),
  };
  rememberSources(stream, [rows]);
  return stream;
}
