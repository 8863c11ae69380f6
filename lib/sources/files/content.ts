import { LabError } from '../../core/errors.ts';
import type { BarColumns } from '../../market/bar.ts';
import type { CalendarName } from '../../market/calendar.ts';
import { type RowSource, rowsInMemory } from '../../store/row-source.ts';
import type { Columns } from '../../store/rows.ts';
import { type Rows, TABLES } from '../../store/tables.ts';
import type { HeadlineSpool } from '../news/headline-spool.ts';
import type { Alias } from '../news/symbols.ts';

/** What a person said about a file; what they did not say, the file must. */
export interface Said {
  readonly symbol?: string | undefined;
  readonly venue?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly stamp?: 'open' | 'close' | undefined;
  readonly tickSize?: number | undefined;
  readonly aliases?: readonly Alias[] | undefined;
  /** Rows that are no bars are left out and told, in place of refusing the file. */
  readonly skipBroken?: boolean | undefined;
}

/** Rows of one kind; `closeParts` when done with them. */
export type Part =
  | { readonly kind: 'bars'; readonly timeframe: string; readonly rows: RowSource }
  | { readonly kind: 'trades' | 'quotes' | 'book'; readonly rows: RowSource }
  | { readonly kind: 'news'; readonly rows: HeadlineSpool };

/** Ticks of a kind that are in memory anyway. */
export function tickPart<K extends 'trades' | 'quotes' | 'book'>(kind: K, rows: Rows<K>): Part {
  return { kind, rows: rowsInMemory(rows as unknown as Columns, TABLES[kind].time) };
}

/** Bars that are in memory anyway. */
export function barPart(timeframe: string, bars: BarColumns): Part {
  return {
    kind: 'bars',
    timeframe,
    rows: rowsInMemory(bars as unknown as Columns, 'openTs', 'closeTs'),
  };
}

/** Lets go of what parts hold on the disk. */
export function closeParts(parts: readonly Part[]): void {
  for (const { rows } of parts) rows.close();
}

/** A file as it was understood. */
export interface FileContent {
  /** Such as `CSV` or `LEAN zip`. */
  readonly format: string;
  /** Whose clock its times are by. */
  readonly zone: string;
  readonly symbol?: string;
  readonly venue?: string;
  readonly calendar?: CalendarName;
  readonly quote?: string;
  readonly parts: readonly Part[];
  readonly notes: readonly string[];
}

/** What only a person can say. @throws LabError `usage` when they did not */
export function needed<T>(value: T | undefined, file: string, option: string, why: string): T {
  if (value !== undefined) return value;
  throw new LabError('usage', `${file} does not say ${why}; give ${option}`);
}

const QUOTES = 'USDT USDC FDUSD BUSD TUSD DAI USD EUR GBP JPY BTC ETH BNB'.split(' ');

/** `btcusdt` as BTC/USDT; other names in capitals as they are. */
export function pairOf(name: string): string {
  const upper = name.toUpperCase();
  const quote = QUOTES.find((end) => upper.endsWith(end) && upper.length > end.length);
  return quote === undefined ? upper : `${upper.slice(0, -quote.length)}/${quote}`;
}
