import { allocateBars, BAR_COLUMNS } from '../market/bar.ts';
import { hashNow } from './data-hash.ts';
import { DecodedBars, type HashedBars } from './decoded-bars.ts';
import type { SeriesKey } from './layout.ts';
import { isUrl } from './location.ts';
import type { PinnedFile } from './pinned-files.ts';
import { refuseDisorder } from './refusal.ts';
import { readSeries, type SeriesPlace, type TimeRange } from './series-files.ts';

interface StoredBars extends HashedBars {
  readonly files: readonly PinnedFile[];
}

/**
 * The bars of a range, kept decoded or from their files, with their hash, and which files these are; none where the range is empty.
 *
 * @param shared whether the columns lie over SharedArrayBuffers
 * @throws LabError `data` naming a file that is damaged, or a directory whose rows are out of order
 */
export async function readBars(
  place: SeriesPlace,
  root: string,
  query: SeriesKey & TimeRange,
  shared?: boolean,
): Promise<StoredBars> {
  const decoded = isUrl(root) ? undefined : new DecodedBars(root, query);
  let kept: HashedBars | undefined;
  const allocate = (rows: number) => allocateBars(rows, shared);
  const { rows: bars, files } = await readSeries(place, query, BAR_COLUMNS, allocate, (found) => {
    kept = decoded?.find(found, shared);
    return kept?.bars;
  });
  if (kept) return { ...kept, files };
  const hash = hashNow(bars);
  if (bars.openTs.length > 0) {
    refuseDisorder(bars.openTs, place.directory);
    decoded?.put(files, { bars, hash });
  }
  return { bars, hash, files };
}
