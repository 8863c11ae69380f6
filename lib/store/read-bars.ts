import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { DecodedBars } from './decoded-bars.ts';
import type { SeriesKey } from './layout.ts';
import { isUrl } from './location.ts';
import type { PinnedFile } from './pinned-files.ts';
import { refuseDisorder } from './refusal.ts';
import { readSeries, type SeriesPlace, type TimeRange } from './series-files.ts';

/**
 * The bars of a range, kept decoded or from their files, and which files these are; none where the range is empty.
 *
 * @param shared whether the columns lie over SharedArrayBuffers
 * @throws LabError `data` naming a file that is damaged, or a directory whose rows are out of order
 */
export async function readBars(
  place: SeriesPlace,
  root: string,
  query: SeriesKey & TimeRange,
  shared?: boolean,
): Promise<{ readonly bars: BarColumns; readonly files: readonly PinnedFile[] }> {
  const decoded = isUrl(root) ? undefined : new DecodedBars(root, query);
  const allocate = (rows: number) => allocateBars(rows, shared);
  const read = await readSeries(place, query, BAR_COLUMNS, allocate, (found) =>
    decoded?.find(found, shared),
  );
  const { rows: bars, files } = read;
  if (!read.wasKept && bars.openTs.length > 0) {
    refuseDisorder(bars.openTs, place.directory);
    decoded?.put(files, bars);
  }
  return { bars, files };
}
