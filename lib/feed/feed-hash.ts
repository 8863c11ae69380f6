import { createHash } from 'node:crypto';
import type { BarChunk } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';
import { BarHash, hashBars } from '../store/data-hash.ts';
import { nameParts } from '../store/origin.ts';

/**
 * The hash of everything a feed gave: that of the bars for one instrument, and for several one over those of each, in
 * the order of the run, whatever chunks or slices they came in. Columns that lie in memory are hashed once, not per run.
 */
export class FeedHash {
  /** That of a feed whose bars all lie in memory; undefined where they do not. */
  static inMemory(feed: BarFeed): string | undefined {
    const hash = new FeedHash(feed);
    return hash.#hashes.every((each) => each === null) ? hash.digest() : undefined;
  }

  readonly #feeds: readonly BarFeed[];
  /** By instrument; null where the columns lie in memory. */
  readonly #hashes: readonly (BarHash | null)[];

  constructor(feed: BarFeed) {
    this.#feeds = feed.parts ?? [feed];
    this.#hashes = feed.instruments.map((_, k) =>
      this.#feeds[k]?.columns === undefined ? new BarHash() : null,
    );
  }

  update(chunk: BarChunk): void {
    this.#hashes[chunk.instrument]?.update(chunk);
  }

  /** SHA-256 in hex. */
  digest(): string {
    const digests = this.#hashes.map(
      (hash, k) => hash?.digest() ?? hashBars(this.#feeds[k]!.columns!),
    );
    if (digests.length === 1) return digests[0]!;
    const digest = createHash('sha256').update(digests.join('\n')).digest('hex');
    nameParts(digest, digests);
    return digest;
  }
}
