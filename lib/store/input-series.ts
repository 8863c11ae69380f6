import type { Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import type { ExchangeRates } from '../market/currency.ts';
import { type NewsColumns, newsHash } from '../market/news.ts';
import { hashBars } from './data-hash.ts';
import { nameOrigin, rangeOf, sourcesOf } from './origin.ts';

/** Rows of one stored series that a run read, and what for. Read again from there, they have this hash. */
export interface InputSeries {
  readonly role: 'bars' | 'rates' | 'finer' | 'news';
  /** What rates convert, such as EUR/USD. */
  readonly pair?: string | undefined;
  readonly kind: 'bars' | 'news';
  readonly venue: string;
  readonly symbol: string;
  /** Of bars. */
  readonly timeframe?: string | undefined;
  /** Reads just these rows: from ≤ openTs (or when news could be known) < to. */
  readonly fromTs: Millis;
  readonly toTs: Millis;
  readonly rows: number;
  readonly hash: string;
}

/** What a run reads beside the bars it trades. */
export interface RunInputs {
  readonly rates?: readonly ExchangeRates[] | undefined;
  readonly finer?: Readonly<Record<string, BarColumns>> | undefined;
  readonly news?: NewsColumns | undefined;
}

/** Times are kept to the microsecond, so nothing lies between a moment and this much later. */
const MICROSECOND = 0.001;

/** The stored series behind the inputs of a run, and which of them came from no store. */
export function inputSeries({ rates = [], finer = {}, news }: RunInputs): {
  readonly series: readonly InputSeries[];
  readonly unstored: readonly string[];
} {
  const series: InputSeries[] = [];
  const unstored: string[] = [];
  const add = (what: string, made: object, role: InputSeries['role'], pair?: string) => {
    const rows = sourcesOf(made);
    if (rows.length === 0) unstored.push(what);
    for (const read of rows) {
      const found = seriesOf(read as BarColumns | NewsColumns, role, pair);
      if (found.rows > 0) series.push(found);
    }
  };
  for (const each of rates) {
    const pair = `${each.base}/${each.quote}`;
    add(`rates of ${pair}`, each, 'rates', pair);
  }
  for (const [symbol, bars] of Object.entries(finer)) add(`finer bars of ${symbol}`, bars, 'finer');
  if (news) add('news', news, 'news');
  return { series, unstored };
}

function seriesOf(
  rows: BarColumns | NewsColumns,
  role: InputSeries['role'],
  pair: string | undefined,
): InputSeries {
  const { venue, symbol, timeframe } = rangeOf(rows)!;
  if ('closeTs' in rows)
    return barSeries({ venue, symbol, timeframe: timeframe! }, rows, role, pair);
  const hash = rowsHash(rows);
  const [fromTs = Number.NaN, toTs = Number.NaN] = [rows.availableTs[0], rows.availableTs.at(-1)];
  const of = { role, kind: 'news', venue, symbol } as const;
  return { ...of, fromTs, toTs: toTs + MICROSECOND, rows: rows.availableTs.length, hash };
}

/** Bars that a run read, whether from the store or not. */
export function barSeries(
  { venue, symbol, timeframe }: Readonly<Record<'venue' | 'symbol' | 'timeframe', string>>,
  bars: BarColumns,
  role: InputSeries['role'],
  pair?: string,
): InputSeries {
  const { openTs, closeTs } = bars;
  return {
    role,
    ...(pair !== undefined && { pair }),
    ...{ kind: 'bars', venue, symbol, timeframe },
    fromTs: openTs[0] ?? Number.NaN,
    toTs: closeTs.at(-1) ?? Number.NaN,
    rows: closeTs.length,
    hash: hashBars(bars),
  };
}

/** SHA-256 of rows as they were read, by which snapshots and passports name them. */
export function rowsHash(rows: BarColumns | NewsColumns): string {
  if ('closeTs' in rows) return hashBars(rows);
  const hash = newsHash(rows);
  nameOrigin(rows, hash);
  return hash;
}

/** The hashes of the stored series behind the inputs of a run: what its trial names beside its bars. */
export function seriesHashes(inputs: RunInputs): readonly string[] {
  return [...new Set(inputSeries(inputs).series.map(({ hash }) => hash))];
}
