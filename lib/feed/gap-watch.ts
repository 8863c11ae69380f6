import type { BarChunk } from '../market/bar.ts';
import { type BarFeed, chunksOf } from '../market/feed.ts';
import { type Gap, GapFinder, refuseUnknownGaps } from '../market/gaps.ts';

/**
 * Finds what of a feed is unknown while its bars go by: where bars are missing, the market was open, and neither the
 * venue's answer nor an outage tells why. Bars that a generator made are all there are.
 */
export class GapWatch {
  /** Whether there is an unknown gap so far. */
  found = false;
  readonly #feed: BarFeed;
  /** By instrument; null where nothing can be missing. */
  readonly #finders: readonly (GapFinder | null)[];

  /** @param isSeen whether bars that lie in memory have been looked at, and have no unknown gap */
  constructor(feed: BarFeed, isSeen = false) {
    this.#feed = feed;
    const parts = feed.parts ?? [feed];
    this.#finders = feed.instruments.map(({ calendar, synthetic }, k) =>
      synthetic || (isSeen && parts[k]?.columns)
        ? null
        : new GapFinder(calendar, feed.timeframe, parts[k]?.known),
    );
  }

  update({ instrument, columns, from, to }: BarChunk): void {
    const finder = this.#finders[instrument];
    if (!finder) return;
    finder.update(columns, from, to);
    this.found ||= finder.gaps.length > 0;
  }

  /** The unknown gaps of each instrument that has any, so far. */
  get gaps(): ReadonlyMap<number, readonly Gap[]> {
    const found = new Map<number, readonly Gap[]>();
    this.#finders.forEach((finder, k) => {
      if (finder !== null && finder.gaps.length > 0) found.set(k, finder.gaps);
    });
    return found;
  }

  /** @throws LabError `data` for the first instrument with an unknown gap, with the ways out */
  refuse(): void {
    for (const [k, gaps] of this.gaps) {
      const { symbol, venue, calendar } = this.#feed.instruments[k]!;
      const { timeframe } = this.#feed;
      refuseUnknownGaps({ series: `${symbol} on ${venue}`, timeframe, calendar, gaps });
    }
  }
}

/**
 * Looks at the bars of a feed that lie in memory; does nothing for others, whose bars are looked at as they come.
 *
 * @throws LabError `data` as `GapWatch.refuse`
 */
export function refuseGapsInMemory(feed: BarFeed): void {
  const watch = new GapWatch(feed);
  (feed.parts ?? [feed]).forEach(({ columns }, instrument) => {
    if (!columns) return;
    for (const chunk of chunksOf(columns)) watch.update({ ...chunk, instrument });
  });
  watch.refuse();
}
