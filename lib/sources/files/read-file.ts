import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';
import { parseBarsCsv } from '../csv.ts';
import { isCapture, readCapture } from './capture.ts';
import { type FileContent, needed, type Said } from './content.ts';
import { readJson } from './json.ts';
import { readLean } from './lean.ts';
import { readParquetBars } from './parquet.ts';
import { isTardis, readTardis } from './tardis.ts';
import { unzipOne } from './unzip.ts';

/** Enough lines to see what a file is. */
const HEAD = 256 * 1024;

/**
 * Reads a file of history in whatever format its bytes show it to be: CSV or JSON of bars, prints or headlines, Parquet,
 * a zip of LEAN, a download of Tardis, a raw capture of Binance; gzipped or not. Nothing is stored.
 *
 * @param store reads Parquet
 * @throws LabError `io` when it cannot be read; `usage` when something must be said about it; `data` that names file,
 *   line and value when it is broken
 */
export async function readHistoryFile(
  path: string,
  said: Said,
  store: Store,
): Promise<FileContent> {
  const file = basename(path);
  const bytes = await readBytes(path);
  const magic = bytes.toString('latin1', 0, 4);
  if (magic === 'PAR1') return readParquetBars(path, file, said, store);
  if (magic === 'PK\x03\x04') return readLean(await unzipOne(bytes, file), path, file);
  const head = bytes.toString('utf8', 0, HEAD).replace(/^\uFEFF/, '');
  const line = head.trimStart().split('\n', 1)[0]!;
  if (isCapture(line)) return readCapture(path, head, said);
  if (isTardis(head)) return readTardis(bytes.toString('utf8'), file);
  if (/^[[{]/.test(line))
    return readJson(bytes.toString('utf8').replace(/^\uFEFF/, ''), file, said);
  if (head.slice(0, 1000).includes('\0')) {
    throw new LabError(
      'data',
      `${file} is of a binary format that is not read; there are CSV, JSON, Parquet, zips of LEAN, downloads of Tardis and raw captures of Binance`,
    );
  }
  const timeframe = needed(said.timeframe, file, '--timeframe such as 1m', 'how long its bars are');
  const { bars, notes } = parseBarsCsv(bytes, file, { timeframe, stamp: said.stamp ?? 'open' });
  return {
    format: 'CSV',
    zone: 'UTC unless a time names its zone',
    parts: [{ kind: 'bars', timeframe, bars }],
    notes,
  };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('io', `cannot read ${path}: ${reason}`, { cause });
  }
}
