import type { Millis } from '../core/time.ts';
import type { KnownSpans } from '../market/gaps.ts';
import type { InstrumentKey } from './layout.ts';
import type { PinnedFile } from './pinned-files.ts';
import type { TableName } from './tables.ts';

/** A part of a stored series. */
export interface StoredRange extends InstrumentKey {
  readonly kind: 'bars' | TableName;
  /** Of bars. */
  readonly timeframe?: string | undefined;
  readonly from?: Millis | undefined;
  readonly to?: Millis | undefined;
}

/** Where rows in memory were read from. */
export interface Origin {
  readonly root: string;
  readonly range: StoredRange;
  readonly files: readonly PinnedFile[];
  /** What the store knew of the time in which there are no rows. */
  readonly known: KnownSpans;
}

const origins = new WeakMap<object, Origin>();
const sources = new WeakMap<object, readonly object[]>();
const byHash = new Map<string, Origin>();
const parts = new Map<string, readonly string[]>();

/** Remembers where rows came from, as long as they are in memory. */
export function rememberOrigin(rows: object, origin: Origin): void {
  origins.set(rows, origin);
}

/** Remembers of what rows something was made, such as exchange rates of bars. */
export function rememberSources(made: object, from: readonly object[]): void {
  sources.set(made, from);
}

/** The stored rows that something is, or was made of; undefined where it did not come from a store. */
export function sourcesOf(made: object): readonly object[] | undefined {
  return sources.get(made) ?? (origins.has(made) ? [made] : undefined);
}

/** The range that rows in memory were read as; undefined when they never were stored. */
export function rangeOf(rows: object): StoredRange | undefined {
  return origins.get(rows)?.range;
}

/** What was known of the gaps of rows in memory when they were read; nothing where they came from elsewhere. */
export function knownOf(rows: object): KnownSpans {
  return origins.get(rows)?.known ?? {};
}

/** Ties the origin of rows to their hash, by which a trial names them. */
export function nameOrigin(rows: object, hash: string): void {
  const origin = origins.get(rows);
  if (origin) byHash.set(hash, origin);
}

/** Says that a hash stands for several, as the data of a run over many symbols does. */
export function nameParts(hash: string, of: readonly string[]): void {
  parts.set(hash, of);
}

/** Where the rows with this hash were read from in this process; undefined when they never were stored. */
export function originOf(hash: string): Origin | undefined {
  return byHash.get(hash);
}

/** The hashes that one stands for; undefined for that of rows. */
export function partsOf(hash: string): readonly string[] | undefined {
  return parts.get(hash);
}
