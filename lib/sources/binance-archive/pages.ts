import { rm } from 'node:fs/promises';
import { LabError } from '../../core/errors.ts';
import type { Span } from '../../market/spans.ts';
import type { Page, PageSource } from '../pull.ts';
import { type ArchiveFile, type ArchiveSeries, archiveFiles } from './archive-file.ts';
import { type DownloadOptions, download } from './download.ts';
import type { LineFormat } from './rows.ts';
import { zippedLines } from './unzip.ts';

/** Files that are downloaded at the same time. */
const AT_ONCE = 4;
const PAGE_ROWS = 100_000;

type Row = { readonly ts: number };

/** A file of the archive and where it now lies; absent when the archive has it not. */
interface Fetched {
  readonly file: ArchiveFile;
  readonly path: string | undefined;
}

/**
 * The rows of the archive in time order, while the next files are on their way.
 *
 * @param onMissing told of each stretch that the archive has no file for
 */
export function archivePages<R extends Row, Columns>(
  series: ArchiveSeries,
  format: LineFormat<R, Columns>,
  options: DownloadOptions,
  onMissing: (span: Span) => void,
): PageSource<Columns> {
  return async function* pages(span: Span): AsyncGenerator<Page<Columns>> {
    for await (const { file, path } of fetchAhead(archiveFiles(series, span), options)) {
      if (path === undefined) {
        onMissing({ from: Math.max(file.from, span.from), to: Math.min(file.to, span.to) });
        yield { rows: format.columns([]), done: file.to, complete: false };
        continue;
      }
      for await (const page of filePages(path, file, span, format)) yield page;
      await rm(path, { force: true });
    }
  };
}

/** Downloads in order of time, some ahead. A month that is not there is asked for by its days. */
async function* fetchAhead(
  files: readonly ArchiveFile[],
  options: DownloadOptions,
): AsyncGenerator<Fetched> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const begin = (file: ArchiveFile) => {
    const fetched = download(file.path, { ...options, signal }).then((path) => ({ file, path }));
    fetched.catch(() => {}); // it is thrown when its turn comes
    return fetched;
  };
  const waiting = [...files];
  const underway: Promise<Fetched>[] = [];
  try {
    for (;;) {
      while (underway.length < AT_ONCE && waiting.length > 0)
        underway.push(begin(waiting.shift()!));
      const next = await underway.shift();
      if (next === undefined) return;
      if (next.path === undefined && next.file.days.length > 0) {
        // The days come before the files that are on their way already.
        yield* fetchAhead(next.file.days, { ...options, signal });
      } else yield next;
    }
  } finally {
    over.abort();
    await Promise.allSettled(underway);
  }
}

/** @throws LabError `data` naming the file and line that cannot be understood */
async function* filePages<R extends Row, Columns>(
  path: string,
  file: ArchiveFile,
  span: Span,
  { parse, columns }: LineFormat<R, Columns>,
): AsyncGenerator<Page<Columns>> {
  let rows: R[] = [];
  let number = 0;
  for await (const lines of zippedLines(path)) {
    for (const line of lines) {
      number++;
      if (line.trim() === '' || (number === 1 && /^[a-z_"]/i.test(line))) continue;
      const row = parseLine(parse, line, `${file.path}, line ${number}`);
      if (row.ts >= span.from && row.ts < span.to) rows.push(row);
    }
    const last = rows.at(-1);
    if (rows.length < PAGE_ROWS || last === undefined) continue;
    // Rows of the last moment may go on in the next lines.
    const end = rows.findIndex(({ ts }) => ts === last.ts);
    yield { rows: columns(rows.slice(0, end)), done: last.ts };
    rows = rows.slice(end);
  }
  yield { rows: columns(rows), done: Math.min(file.to, span.to) };
}

function parseLine<R>(parse: (fields: readonly string[]) => R, line: string, where: string): R {
  try {
    return parse(line.trimEnd().split(','));
  } catch (cause) {
    throw new LabError(
      'data',
      `${where}: ${(cause as Error).message}; the line is "${line.slice(0, 80)}"`,
      {
        cause,
      },
    );
  }
}
