import { fingerprint } from '../core/fingerprint.ts';
import type { Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import type { CorporateAction } from '../market/corporate-actions.ts';
import type { ExchangeRates } from '../market/currency.ts';
import type { FundingColumns } from '../market/funding.ts';
import { type NewsColumns, newsHash } from '../market/news.ts';
import { hashBars } from './data-hash.ts';
import { nameOrigin, rangeOf, sourcesOf } from './origin.ts';
import type { Rows } from './tables.ts';

/** Rows of one stored series that a run read, and what for. Read again from there, they have this hash. */
export interface InputSeries {
  readonly role: 'bars' | 'rates' | 'finer' | 'news' | 'funding' | 'actions';
  /** What rates convert, such as EUR/USD. */
  readonly pair?: string | undefined;
  /** Rate that was to be assumed where a payment of funding is missing. */
  readonly bound?: number | undefined;
  readonly kind: 'bars' | 'news' | 'funding' | 'actions';
  readonly venue: string;
  readonly symbol: string;
  /** Of bars. */
  readonly timeframe?: string | undefined;
  /** Reads just these rows: from ≤ openTs (or when other rows could be known) < to. */
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
  readonly funding?: Readonly<Record<string, BoundedFunding>> | undefined;
  readonly corporateActions?: Readonly<Record<string, readonly CorporateAction[]>> | undefined;
}

type BoundedFunding = FundingColumns & { readonly bound?: number | undefined };

/** Rows as the store gives them. */
export type StoredRows = BarColumns | NewsColumns | Rows<'funding'> | Rows<'actions'>;

/** Times are kept to the microsecond, so nothing lies between a moment and this much later. */
const MICROSECOND = 0.001;

/** The stored series behind the inputs of a run, and which of them came from no store. */
export function inputSeries(inputs: RunInputs): {
  readonly series: readonly InputSeries[];
  readonly unstored: readonly string[];
} {
  const { rates = [], finer = {}, news, funding = {}, corporateActions = {} } = inputs;
  const series: InputSeries[] = [];
  const unstored: string[] = [];
  const add = (what: string, made: object, role: InputSeries['role'], more: Named = {}) => {
    const rows = sourcesOf(made);
    if (rows === undefined) unstored.push(what);
    for (const read of rows ?? []) {
      const found = seriesOf(read as StoredRows, role);
      if (found.rows > 0) series.push({ ...found, ...more });
    }
  };
  for (const each of rates) {
    const pair = `${each.base}/${each.quote}`;
    add(`rates of ${pair}`, each, 'rates', { pair });
  }
  for (const [symbol, bars] of Object.entries(finer)) add(`finer bars of ${symbol}`, bars, 'finer');
  if (news) add('news', news, 'news');
  for (const [symbol, stream] of Object.entries(funding)) {
    const { bound } = stream;
    add(`funding of ${symbol}`, stream, 'funding', bound === undefined ? {} : { bound });
  }
  for (const [symbol, actions] of Object.entries(corporateActions)) {
    add(`corporate actions of ${symbol}`, actions, 'actions');
  }
  return { series, unstored };
}

type Named = Pick<InputSeries, 'pair' | 'bound'>;

function seriesOf(rows: StoredRows, role: InputSeries['role']): InputSeries {
  const { kind, venue, symbol, timeframe } = rangeOf(rows)!;
  if ('closeTs' in rows) return barSeries({ venue, symbol, timeframe: timeframe! }, rows, role);
  const hash = rowsHash(rows);
  const [fromTs = Number.NaN, toTs = Number.NaN] = [rows.availableTs[0], rows.availableTs.at(-1)];
  const of = { role, kind: kind as InputSeries['kind'], venue, symbol };
  return { ...of, fromTs, toTs: toTs + MICROSECOND, rows: rows.availableTs.length, hash };
}

/** Bars that a run read, whether from the store or not. */
export function barSeries(
  { venue, symbol, timeframe }: Readonly<Record<'venue' | 'symbol' | 'timeframe', string>>,
  bars: BarColumns,
  role: InputSeries['role'],
): InputSeries {
  const { openTs, closeTs } = bars;
  return {
    ...{ role, kind: 'bars', venue, symbol, timeframe },
    fromTs: openTs[0] ?? Number.NaN,
    toTs: closeTs.at(-1) ?? Number.NaN,
    rows: closeTs.length,
    hash: hashBars(bars),
  };
}

/** SHA-256 of rows as they were read, by which snapshots and passports name them. */
export function rowsHash(rows: StoredRows): string {
  if ('closeTs' in rows) return hashBars(rows);
  const hash = 'headline' in rows ? newsHash(rows) : columnsHash(rows);
  nameOrigin(rows, hash);
  return hash;
}

function columnsHash(rows: Rows<'funding'> | Rows<'actions'>): string {
  const columns = Object.entries(rows).map(([name, column]) => [name, Array.from<unknown>(column)]);
  return fingerprint(Object.fromEntries(columns));
}

/** The hashes of the stored series behind the inputs of a run: what its trial names beside its bars. */
export function seriesHashes(inputs: RunInputs): readonly string[] {
  return [...new Set(inputSeries(inputs).series.map(({ hash }) => hash))];
}
