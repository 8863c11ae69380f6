import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LabError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';
import { headOf, type OnRead, storedBytesOf, ZIP } from './blocks.ts';
import { isCapture, readCapture } from './capture.ts';
import type { FileContent, Said } from './content.ts';
import { readCsvFile } from './csv-file.ts';
import { isCsvNews, readCsvNews } from './csv-news.ts';
import { isPrints, readCsvPrints } from './csv-prints.ts';
import { readHftbacktest } from './hftbacktest.ts';
import { readJson } from './json.ts';
import { isLeanPlace, leanPlace, readLean } from './lean.ts';
import { isNpz } from './npz.ts';
import { readParquetBars } from './parquet.ts';
import { isTardis, readTardis } from './tardis.ts';
import { unzipOne } from './unzip.ts';

/** Enough lines to see what a file is. */
const HEAD = 256 * 1024;

/**
 * Reads a file of history in whatever format its bytes show it to be: CSV or JSON of bars, prints or headlines,
 * Parquet, a zip of LEAN, a download of Tardis, a raw capture of Binance, events of hftbacktest; gzipped, zipped or not. Nothing is stored, and of a long file
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
  const raw = await headOf(path, 4096, storedBytesOf);
  const magic = raw.toString('latin1', 0, 4);
  if (magic === 'PAR1') return readParquetBars(path, file, said, store);
  if (magic === ZIP && isNpz(raw)) return readHftbacktest(path, file, store.root);
  if (magic === ZIP && isLeanPlace(path)) {
    return readLean(await unzipOne(await readFile(path), file), path, file);
  }
  const bytes = await headOf(path, HEAD);
  const head = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const line = head.trimStart().split('\n', 1)[0]!;
  // Of numbers alone nothing tells LEAN's prices, which are ten thousand times as high, from others.
  if (magic === ZIP && isNumbersAlone(line)) leanPlace(path);
  if (isCapture(line)) return readCapture(path, head, said, store.root, onRead);
  if (isTardis(head)) return readTardis(path, file, store.root, onRead);
  if (/^[[{]/.test(line)) return readJson(path, file, head, said, store.root, onRead);
  if (head.slice(0, 1000).includes('\0')) {
    throw new LabError(
      'data',
      `${file} is of a binary format that is not read; there are CSV, JSON, Parquet, zips of these and of LEAN, downloads of Tardis, raw captures of Binance and events of hftbacktest`,
    );
  }
  if (isCsvNews(line)) return readCsvNews(path, file, said, store.root, onRead);
  if (isPrints(line)) return readCsvPrints(path, file, said, store.root, onRead);
  return readCsvFile(path, file, said, store.root, onRead);
}

/** Whether a line is one of numbers and moments without names, and not one of the twelve columns of a Binance kline. */
const isNumbersAlone = (line: string) =>
  /^[\d\s.,:;-]*$/.test(line) && line.split(',').length !== 12;
