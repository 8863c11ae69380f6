import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import type { InstrumentKey, SeriesKey } from './layout.ts';
import { nearest } from './nearest.ts';
import { findSeries, type SeriesInfo } from './series.ts';
import type { TimeRange } from './series-files.ts';

/** The error for a series that was never stored; it names the nearest that were. */
export async function unknownSeries(
  root: string,
  key: InstrumentKey & { readonly timeframe?: string },
  kind = 'data',
): Promise<LabError> {
  const what = key.timeframe === undefined ? kind : `${key.timeframe} bars`;
  const names = (await findSeries(root)).map(
    (series) => `${series.symbol} (${series.venue}, ${series.timeframe || series.kind})`,
  );
  const wanted = `${key.symbol} (${key.venue}, ${key.timeframe ?? kind})`;
  const instead =
    names.length > 0 ? `nearest are ${nearest(wanted, names).join(', ')}` : 'the store is empty';
  return new LabError(
    'data',
    `no ${what} of ${key.symbol} on ${key.venue}; ${instead}; \`lab data ls\` shows everything`,
  );
}

/** The error for a range without bars; it says what range there is. */
export function emptyRange(query: SeriesKey & TimeRange, list: readonly SeriesInfo[]): LabError {
  const found = list.find(
    ({ kind, venue, symbol, timeframe }) =>
      kind === 'bars' &&
      venue === query.venue &&
      symbol === query.symbol &&
      timeframe === query.timeframe,
  );
  const { fromTs = Number.NaN, toTs = Number.NaN } = found ?? {};
  return new LabError(
    'data',
    `no ${query.timeframe} bars of ${query.symbol} on ${query.venue} ${boundsText(query)}; the store has ${isoTime(fromTs)} to ${isoTime(toTs)}`,
  );
}

/** `from … before …` of a range, without what is open. */
export function boundsText({ from, to }: TimeRange): string {
  return [boundText('from', from), boundText('before', to)].filter(Boolean).join(' ');
}

function boundText(word: string, ts: Millis | undefined): string {
  return ts !== undefined && Number.isFinite(ts) ? `${word} ${isoTime(ts)}` : '';
}

/** A file that was written by other means may hold rows out of order; nothing after this point could tell. */
export function refuseDisorder(openTs: Float64Array, directory: string): void {
  for (let i = 1; i < openTs.length; i++) {
    if (openTs[i]! > openTs[i - 1]!) continue;
    throw new LabError(
      'data',
      `${directory}: row ${i} opens at ${isoTime(openTs[i]!)}, not after the row before it; delete the series and import it again`,
    );
  }
}
