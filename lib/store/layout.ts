import { readdir } from 'node:fs/promises';
import { LabError } from '../core/errors.ts';
import { isUrl, under } from './location.ts';
import { storageOf } from './object-storage.ts';
import { TABLE_NAMES, type TableName } from './tables.ts';

/**
 * Where everything lies under the root of a store:
 *
 *     bars/venue=sample/symbol=SPX/instrument.json
 *     bars/venue=sample/symbol=SPX/tf=1d/year=2019/part.parquet
 *     ticks/venue=sample/symbol=SYN%2FUSD/instrument.json
 *     ticks/venue=sample/symbol=SYN%2FUSD/day=2024-12-31/part.parquet
 *     quotes/venue=binance/symbol=BTC%2FUSDT/day=2026-11-22/part-01KAP….parquet
 *     snapshots/8f14….json
 *     objects/3b2c….parquet
 *     decoded/cdbc….bars
 *     trials.ndjson
 *
 * One file a partition, beside the parts that a recorder added and nobody compacted yet, later ones by later names; and
 * no name that a reader looks for until it is complete. The other kinds of `TABLES` lie as quotes do, by day or year.
 */
export interface InstrumentKey {
  readonly venue: string;
  readonly symbol: string;
}

export interface SeriesKey extends InstrumentKey {
  readonly timeframe: string;
}

export type Kind = 'bars' | 'ticks' | TableName;

export const KINDS: readonly Kind[] = ['bars', 'ticks', ...TABLE_NAMES];

export const PART = 'part.parquet';
export const INSTRUMENT = 'instrument.json';

export function instrumentDirectory(root: string, kind: Kind, key: InstrumentKey): string {
  return under(root, kind, `venue=${encodeName(key.venue)}`, `symbol=${encodeName(key.symbol)}`);
}

export function barsDirectory(root: string, key: SeriesKey): string {
  return under(instrumentDirectory(root, 'bars', key), `tf=${encodeName(key.timeframe)}`);
}

/** A day or a year of a series, and its files, oldest first: the merged one, then parts in the order they were added. */
export interface Partition {
  /** Such as 2019 or 2024-12-31. */
  readonly value: string;
  readonly files: readonly string[];
}

/** The partitions of a directory such as `year=2019`, ascending. One without a complete file does not count. */
export async function partitions(directory: string, key: string): Promise<Partition[]> {
  const found: Partition[] = [];
  for (const { name, value } of await subdirectories(directory, key)) {
    const files = await partFiles(under(directory, name));
    if (files.length > 0) found.push({ value, files });
  }
  return found;
}

/** The complete files of one partition, oldest first. */
export async function partFiles(directory: string): Promise<string[]> {
  const names = await listDirectory(directory);
  const parts = names.filter((name) => /^part-\w+\.parquet$/.test(name)).sort();
  return [...names.filter((name) => name === PART), ...parts].map((name) => under(directory, name));
}

/** The directories `key=value` in a directory, by value; none when it does not exist. */
export async function subdirectories(
  directory: string,
  key: string,
): Promise<{ name: string; value: string }[]> {
  const prefix = `${key}=`;
  return (await listDirectory(directory))
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ name, value: decodeURIComponent(name.slice(prefix.length)) }))
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** The names in a directory; none when it does not exist. */
export async function listDirectory(directory: string): Promise<string[]> {
  if (isUrl(directory)) return storageOf(directory).names(directory);
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * A symbol or venue as one path segment, percent-encoded; DuckDB decodes it when it reads the partition's columns.
 *
 * @throws LabError `usage` when it is empty or too long for a file name
 */
export function encodeName(name: string): string {
  if (name === '') throw new LabError('usage', 'a symbol or venue is empty; give one such as SPX');
  const encoded = encodeURIComponent(name).replaceAll(
    /[!'()*~]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  if (encoded.length > 200) {
    throw new LabError(
      'usage',
      `the name "${name.slice(0, 40)}…" takes ${encoded.length} bytes encoded; at most 200 fit in a file name`,
    );
  }
  return encoded;
}
