import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';
import { headOf, type OnRead } from './blocks.ts';
import { isCapture, readCapture } from './capture.ts';
import type { FileContent, Said } from './content.ts';
import { readCsvFile } from './csv-file.ts';
import { readHftbacktest } from './hftbacktest.ts';
import { readJson } from './json.ts';
import { readLean } from './lean.ts';
import { isNpz } from './npz.ts';
import { readParquetBars } from './parquet.ts';
import { isTardis, readTardis } from './tardis.ts';
import { unzipOne } from './unzip.ts';

/** Enough lines to see what a file is. */
const HEAD = 256 * 1024;

/**
 * Reads a file of history in whatever format its bytes show it to be: CSV or JSON of bars, prints or headlines, Parquet,
 * a zip of LEAN, a download of Tardis, a raw capture of Binance, events of hftbacktest; gzipped or not. Nothing is stored, and of a long file
 * only a part is in memory at a time; `closeParts` when done with what was read.
 *
 * @param store reads Parquet
 * @throws LabError `io` when it cannot be read; `usage` when something must be said about it; `data` that names file,
 *   line and value when it is broken
 */
export async function readHistoryFile(
  path: string,
  said: Said,
  store: Store,
  onRead?: OnRead,
): Promise<FileContent> {
  const file = basename(path);
  const bytes = await headOf(path, HEAD);
  const magic = bytes.toString('latin1', 0, 4);
  if (magic === 'PAR1') return readParquetBars(path, file, said, store);
  if (magic === 'PK\x03\x04' && isNpz(bytes)) return readHftbacktest(path, file, store.root);
  if (magic === 'PK\x03\x04')
    return readLean(await unzipOne(await readFile(path), file), path, file);
  const head = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const line = head.trimStart().split('\n', 1)[0]!;
  if (isCapture(line)) return readCapture(path, head, said, store.root, onRead);
  if (isTardis(head)) return readTardis(path, file, store.root, onRead);
  if (/^[[{]/.test(line)) return readJson(path, file, head, said, store.root, onRead);
  if (head.slice(0, 1000).includes('\0')) {
    throw new LabError(
      'data',
      `${file} is of a binary format that is not read; there are CSV, JSON, Parquet, zips of LEAN, downloads of Tardis, raw captures of Binance and events of hftbacktest`,
    );
  }
  return readCsvFile(path, file, said, store.root, onRead);
}
