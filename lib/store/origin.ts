import type { Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import type { KnownSpans } from '../market/gaps.ts';
import type { SeriesKey } from './layout.ts';
import type { PinnedFile } from './pinned-files.ts';

/** Where bars in memory were read from. */
export interface BarOrigin {
  readonly root: string;
  readonly query: SeriesKey & {
    readonly from?: Millis | undefined;
    readonly to?: Millis | undefined;
  };
  readonly files: readonly PinnedFile[];
  /** What the store knew of the time in which there are no bars. */
  readonly known: KnownSpans;
}

const origins = new WeakMap<BarColumns, BarOrigin>();
const byHash = new Map<string, BarOrigin>();

/** Remembers where bars came from, as long as they are in memory. */
export function rememberOrigin(bars: BarColumns, origin: BarOrigin): void {
  origins.set(bars, origin);
}

/** What was known of the gaps of bars in memory when they were read; nothing where they came from elsewhere. */
export function knownOf(bars: BarColumns): KnownSpans {
  return origins.get(bars)?.known ?? {};
}

/** Ties the origin of bars to their hash, by which a trial names them. */
export function nameOrigin(bars: BarColumns, hash: string): void {
  const origin = origins.get(bars);
  if (origin) byHash.set(hash, origin);
}

/** Where the bars with this hash were read from in this process; undefined when they never were stored. */
export function originOf(hash: string): BarOrigin | undefined {
  return byHash.get(hash);
}
