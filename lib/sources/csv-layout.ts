import { LabError } from '../core/errors.ts';
import type { CsvScanner } from './csv-scanner.ts';
import { decimalAt } from './decimal.ts';

/** Which cell of a line holds what; -1 where the file has no such column. */
export interface CsvLayout {
  /** Cells in the header; a line may have more only when they are empty. */
  readonly width: number;
  readonly names: readonly string[];
  readonly time: number;
  /** Last cell of the moment: the one after `time` when date and time of day have a column each. */
  readonly timeEnd: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** False when the first line is already a bar. */
  readonly header: boolean;
  readonly notes: readonly string[];
}

const TIME_NAMES = 'datetime timestamp date time open_time gmt_time local_time ts unix'.split(' ');
const FIELDS = {
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v', 'tick_volume', 'tickvol'],
} as const;

const KLINE_NAMES =
  'open_time open high low close volume close_time quote_volume trades taker_volume taker_quote_volume ignore';

/**
 * Understands the first line of a file of bars, which the scanner has just read.
 *
 * @param clockBelow the cell under a column named `time` holds a time of day alone
 * @throws LabError `data` that lists the columns found, when the bars cannot be located
 */
export function csvLayout(
  scanner: CsvScanner,
  file: string,
  clockBelow: (cell: number) => boolean,
): CsvLayout {
  return isNumeric(scanner, scanner.width - 1) || isNumeric(scanner, 1)
    ? headerless(scanner, file)
    : named(scanner.texts(), file, clockBelow);
}

function isNumeric(scanner: CsvScanner, cell: number): boolean {
  return (
    cell < scanner.width &&
    !Number.isNaN(decimalAt(scanner.bytes, scanner.starts[cell]!, scanner.ends[cell]!))
  );
}

/** Binance's twelve columns, or a moment in one or two cells, four prices and perhaps a volume (NinjaTrader, MetaTrader). */
function headerless(scanner: CsvScanner, file: string): CsvLayout {
  const { width } = scanner;
  const split = width > 5 && scanner.text(1).includes(':') ? 1 : 0;
  const kline = width === 12;
  if (!kline && width !== 5 + split && width !== 6 + split) {
    throw new LabError(
      'data',
      `${file} has no header, and its first line has ${width} columns: expected time, open, high, low, close and perhaps volume, or the 12 columns of a Binance kline; add a header line`,
    );
  }
  const names = kline
    ? KLINE_NAMES.split(' ')
    : ['date', ...(split ? ['time'] : []), 'open', 'high', 'low', 'close', 'volume'];
  return {
    width,
    names,
    time: 0,
    timeEnd: split,
    open: split + 1,
    high: split + 2,
    low: split + 3,
    close: split + 4,
    volume: width > 5 + split ? split + 5 : -1,
    header: false,
    notes: [`no header: read as ${names.slice(0, width).join(', ')}`],
  };
}

function named(
  header: readonly string[],
  file: string,
  clockBelow: (cell: number) => boolean,
): CsvLayout {
  const names = header.map((name) =>
    name
      .replace(/^<(.*)>$/, '$1')
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  );
  const found = (cell: number, what: string) => {
    if (cell >= 0) return cell;
    throw new LabError(
      'data',
      `${file} has no ${what} column; its columns are ${header.map((name) => name || '(unnamed)').join(', ')}; name them time, open, high, low, close, volume in the first line`,
    );
  };
  const field = (name: keyof typeof FIELDS) => columnOf(names, FIELDS[name], file);

  let time = columnOf(names, TIME_NAMES, file);
  if (time < 0 && names[0] === '') time = 0;
  const date = names.indexOf('date');
  const paired = date >= 0 && names[date + 1] === 'time' && clockBelow(date + 1);
  if (paired) time = date;

  const cells = {
    time: found(time, 'time'),
    timeEnd: paired ? time + 1 : time,
    open: found(field('open'), 'open'),
    high: found(field('high'), 'high'),
    low: found(field('low'), 'low'),
    close: found(field('close'), 'close'),
    volume: field('volume'),
  };
  const used = new Set(Object.values(cells));
  const unused = header.filter((name, cell) => name !== '' && !used.has(cell));
  const notes = unused.length > 0 ? [`columns not used: ${unused.join(', ')}`] : [];
  if (cells.volume < 0) notes.push('no volume column: volume is 0');
  return { ...cells, width: header.length, names: header, header: true, notes };
}

/**
 * The column with the first of these names that exists, else the only one that ends in it (`AAPL.Open`); -1 when
 * there is none.
 */
function columnOf(names: readonly string[], wanted: readonly string[], file: string): number {
  for (const name of wanted) {
    for (const fits of [
      (own: string) => own === name,
      (own: string) => name.length > 1 && own.endsWith(`.${name}`),
    ]) {
      const cells = names.flatMap((own, cell) => (fits(own) ? [cell] : []));
      if (cells.length > 1) {
        throw new LabError(
          'data',
          `${file} has ${cells.length} columns for ${name} (${cells.map((cell) => names[cell]).join(', ')}); keep one instrument and one such column in a file`,
        );
      }
      if (cells.length === 1) return cells[0]!;
    }
  }
  return -1;
}
