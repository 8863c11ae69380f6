import { BrokenRows } from '../broken-rows.ts';
import { CsvBars } from '../csv.ts';
import { BarSpool } from './bar-spool.ts';
import { bytesOf, linesOf, type OnRead } from './blocks.ts';
import { type FileContent, needed, type Said } from './content.ts';

/** Reads a CSV of bars a few megabytes at a time. @throws LabError `data` naming file, line, column and value */
export async function readCsvFile(
  path: string,
  file: string,
  said: Said,
  root: string,
  onRead?: OnRead,
): Promise<FileContent> {
  const timeframe = needed(said.timeframe, file, '--timeframe such as 1m', 'how long its bars are');
  const broken = new BrokenRows(said.skipBroken);
  const reader = new CsvBars(file, broken);
  for await (const block of linesOf(bytesOf(path))) if (!reader.survey(block)) break;
  const spool = new BarSpool(root, file, { timeframe, stamp: said.stamp ?? 'open', broken });
  try {
    for await (const block of linesOf(bytesOf(path, onRead))) spool.push(reader.read(block));
    const notes = reader.finish();
    const finished = spool.finish();
    return {
      format: 'CSV',
      zone: 'UTC unless a time names its zone',
      parts: [{ kind: 'bars', timeframe, rows: finished.rows }],
      notes: [...notes, ...finished.notes],
    };
  } finally {
    spool.close();
  }
}
