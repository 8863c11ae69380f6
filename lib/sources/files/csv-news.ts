import { LabError } from '../../core/errors.ts';
import { BrokenRows } from '../broken-rows.ts';
import { CsvScanner } from '../csv-scanner.ts';
import { isHeadline } from '../news/json-headline.ts';
import { bytesOf, linesOf, type OnRead } from './blocks.ts';
import type { FileContent, Said } from './content.ts';
import { HeadlineReader } from './headline-reader.ts';

/** Whether a CSV is one of news, by its first line: a headline or a title, and no price. */
export function isCsvNews(line: string): boolean {
  const names = namesIn(new CsvScanner(Buffer.from(line)));
  const fields = Object.fromEntries(names.map((name) => [name, name]));
  return isHeadline(fields) && !names.includes('close') && !names.includes('price');
}

function namesIn(scanner: CsvScanner): readonly string[] {
  return scanner.next() ? scanner.texts().map((name) => name.toLowerCase()) : [];
}

/**
 * Reads a CSV of headlines by the names in its first line, as those of JSON; a headline stays within a line.
 *
 * @throws LabError `data` naming the line that has no headline or no moment
 */
export async function readCsvNews(
  path: string,
  file: string,
  said: Said,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  const reader = new HeadlineReader(root, `${file} line`, said);
  const broken = new BrokenRows(said.skipBroken);
  let names: readonly string[] | undefined;
  let scanner: CsvScanner | undefined;
  let unnamed: number | undefined;
  try {
    for await (const block of linesOf(bytesOf(path, onRead))) {
      scanner = new CsvScanner(block, scanner);
      names ??= namesIn(scanner);
      while (scanner.next()) {
        // As pandas writes them, rows may have a number before their first cell.
        unnamed ??= scanner.width === names.length + 1 ? 1 : 0;
        try {
          reader.take(fieldsOf(scanner, names, unnamed, file), scanner.line);
        } catch (error) {
          broken.take(error);
        }
      }
    }
    if (reader.rows.count === 0) {
      broken.refuseAll();
      const found = reader.notes[0] ?? `${file} has a header and no news below it`;
      throw new LabError('data', `${found}; name them by --symbols`);
    }
    return {
      format: 'CSV of news',
      zone: 'UTC unless a time names its zone',
      parts: [{ kind: 'news', rows: reader.rows }],
      notes: [...reader.notes, ...broken.notes],
    };
  } catch (error) {
    reader.close();
    throw error;
  }
}

function fieldsOf(
  scanner: CsvScanner,
  names: readonly string[],
  unnamed: number,
  file: string,
): Readonly<Record<string, string>> {
  const cells = scanner.texts().slice(unnamed);
  if (cells.length !== names.length) {
    throw new LabError(
      'data',
      `${file} line ${scanner.line} has ${cells.length + unnamed} columns, expected ${names.length + unnamed}; correct or remove the line and import again`,
    );
  }
  return Object.fromEntries(names.map((name, cell) => [name, cells[cell]!.replaceAll('""', '"')]));
}
