import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { partitionAt } from '../../store/partition.ts';
import { noRoom, spoolDirectory } from '../../store/spool-directory.ts';
import { TABLES } from '../../store/tables.ts';
import type { Headline } from './headline.ts';

/** Characters of headlines that are held in memory; fewer never touch the disk on their way. */
const HELD = 16 << 20;
/** How many of the first and of the last are kept to be shown. */
const SHOWN = 3;

/** The headlines about one symbol in one year: some as stretches of a file, the rest in memory, each as a line of JSON. */
interface Bucket {
  readonly symbol: string;
  readonly start: Millis;
  readonly stretches: { readonly from: number; readonly length: number }[];
  held: string[];
}

/** The headlines about a symbol in a UTC year, in the order in which they came. */
export interface HeadlineGroup {
  readonly symbol: string;
  /** When the year begins and when it is over. */
  readonly start: Millis;
  readonly end: Millis;
  readonly headlines: readonly Headline[];
}

/**
 * Headlines on their way into the store, by symbol and year. What does not fit into memory lies on the disk of the store, so
 * that an import takes as much memory as one group, however long its file is. `close` when done.
 */
export class HeadlineSpool {
  count = 0;
  /** The same, each counted for each of its symbols. */
  tied = 0;
  fromTs = Number.NaN;
  toTs = Number.NaN;
  readonly #directory: string;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #first: Headline[] = [];
  #last: Headline[] = [];
  #held = 0;
  #written = 0;

  private constructor(directory: string, most: number) {
    this.#directory = directory;
    this.#most = most;
  }

  /** @param most characters to hold in memory */
  static open(root: string, most = HELD): HeadlineSpool {
    return new HeadlineSpool(spoolDirectory(root), most);
  }

  push(headlines: readonly Headline[]): void {
    for (const headline of headlines) {
      const { availableTs, symbols } = headline;
      const line = JSON.stringify(headline);
      const { value, start } = partitionAt(TABLES.news, availableTs);
      for (const symbol of symbols) this.#hold(`${symbol} ${value}`, symbol, start, line);
      if (!(availableTs >= this.fromTs)) this.fromTs = availableTs;
      if (!(availableTs <= this.toTs)) this.toTs = availableTs;
      if (this.#first.length < SHOWN) this.#first.push(headline);
      if (this.#held > this.#most) this.#spill();
    }
    this.#last = [...this.#last, ...headlines.slice(-SHOWN)].slice(-SHOWN);
    this.count += headlines.length;
  }

  /** By symbol, in the order in which they were met, and year. */
  *groups(): Generator<HeadlineGroup> {
    const symbols = new Map<string, Bucket[]>();
    for (const bucket of this.#buckets.values()) {
      const { symbol } = bucket;
      symbols.set(symbol, [...(symbols.get(symbol) ?? []), bucket]);
    }
    for (const [symbol, years] of symbols) {
      for (const bucket of years.sort((a, b) => a.start - b.start)) {
        const { start, end } = partitionAt(TABLES.news, bucket.start);
        yield { symbol, start, end, headlines: this.#read(bucket).map(parsed) };
      }
    }
  }

  /** The headline at a place, of the first three and the last. */
  shown(place: number): Headline {
    return this.#first[place] ?? this.#last[place - this.count + this.#last.length]!;
  }

  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
    this.#buckets.clear();
  }

  #hold(key: string, symbol: string, start: Millis, line: string): void {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = { symbol, start, stretches: [], held: [] };
      this.#buckets.set(key, bucket);
    }
    bucket.held.push(line);
    this.#held += line.length;
    this.tied++;
  }

  /** Moves everything to the disk. */
  #spill(): void {
    mkdirSync(this.#directory, { recursive: true });
    const file = openSync(this.#file, 'a');
    try {
      for (const bucket of this.#buckets.values()) {
        if (bucket.held.length === 0) continue;
        const bytes = Buffer.from(`${bucket.held.join('\n')}\n`);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
        bucket.stretches.push({ from: this.#written, length: bytes.length });
        this.#written += bytes.length;
        bucket.held = [];
      }
    } catch (cause) {
      throw noRoom(this.#directory, cause);
    } finally {
      closeSync(file);
    }
    this.#held = 0;
  }

  #read({ stretches, held }: Bucket): string[] {
    if (stretches.length === 0) return held;
    const file = openSync(this.#file, 'r');
    try {
      const lines = stretches.flatMap(({ from, length }) => {
        const bytes = Buffer.alloc(length);
        for (let at = 0; at < length; ) {
          const read = readSync(file, bytes, at, length - at, from + at);
          if (read === 0) throw new LabError('io', `${this.#file} was cut while it was read`);
          at += read;
        }
        return bytes.toString('utf8').trimEnd().split('\n');
      });
      return [...lines, ...held];
    } finally {
      closeSync(file);
    }
  }

  get #file(): string {
    return join(this.#directory, 'headlines');
  }
}

/** JSON has no NaN, which a moment is that nobody told. */
function parsed(line: string): Headline {
  const headline = JSON.parse(line) as Headline & { readonly publishedTs: Millis | null };
  return { ...headline, publishedTs: headline.publishedTs ?? Number.NaN };
}
