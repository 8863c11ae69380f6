import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { storeFunding } from '../feed/store-funding.ts';
import { storeNews } from '../feed/store-news.ts';
import { storeRates } from '../feed/store-rates.ts';
import type { BarColumns } from '../market/bar.ts';
import type { CorporateAction } from '../market/corporate-actions.ts';
import type { ExchangeRates } from '../market/currency.ts';
import type { FundingStream } from '../market/funding.ts';
import type { RunAssumptions } from '../run.ts';
import { corporateActions } from '../store/adjusted-bars.ts';
import { rowsHash, type StoredRows } from '../store/input-series.ts';
import type { Store } from '../store/store.ts';
import type { Passport } from './passport.ts';

/** What a run reads beside its bars. */
export type PassportInputs = Pick<
  RunAssumptions,
  'rates' | 'finer' | 'news' | 'funding' | 'corporateActions'
>;

type Series = Passport['data']['series'][number];

/**
 * Checks that the store still has every series of a passport as it was when it was issued.
 *
 * @throws LabError `refused` when a byte of one differs, naming it; `data` when the store lacks one
 */
export async function verifySeries(store: Store, passport: Passport): Promise<void> {
  const { series } = passport.data;
  for (const [i, one] of series.entries()) {
    verifyRows(one, i, await readRows(store, one));
  }
}

/** The same of rows that were read already. */
export function verifyRows(series: Series, place: number, rows: StoredRows): void {
  const actual = rowsHash(rows);
  if (actual === series.hash) return;
  const now = 'closeTs' in rows ? rows.closeTs.length : rows.availableTs.length;
  const [from, to] = [isoTime(series.fromTs), isoTime(series.toTs)];
  throw new LabError(
    'refused',
    `the ${nameOf(series)} from ${from} to ${to} are not those the passport was issued on (data.series.${place}.hash was ${series.hash}, is ${actual}, ${series.rows} rows then, ${now} now); import them again, or promote on the new ones`,
  );
}

function nameOf({ kind, role, pair, symbol, venue, timeframe }: Series): string {
  if (kind === 'news') return `news about ${symbol} of ${venue}`;
  if (kind !== 'bars') return `${kind} of ${symbol} on ${venue}`;
  const what = role === 'rates' ? `rates of ${pair}, ` : role === 'finer' ? 'finer bars, ' : '';
  return `${what}${timeframe} bars of ${symbol} on ${venue}`;
}

function readRows(
  store: Store,
  { kind, venue, symbol, timeframe, fromTs: from, toTs: to }: Series,
): Promise<StoredRows> {
  const range = { venue, symbol, from, to };
  if (kind === 'bars') return store.bars({ ...range, timeframe: timeframe! });
  const series = { venue, symbol };
  if (kind === 'news') return store.read(kind, series, range);
  return kind === 'funding' ? store.read(kind, series, range) : store.read(kind, series, range);
}

/**
 * What the run of a passport reads beside its bars: exchange rates, finer bars and news, from where they began when it
 * was issued.
 *
 * @param to until when; as when it was issued where left out
 */
export async function passportInputs(
  store: Store,
  passport: Passport,
  to?: Millis,
): Promise<PassportInputs> {
  const { series } = passport.data;
  const rates: ExchangeRates[] = [];
  const finer: Record<string, BarColumns> = {};
  const funding: Record<string, FundingStream> = {};
  const news = series.filter(({ role }) => role === 'news');
  for (const { role, pair, bound, venue, symbol, timeframe, fromTs, toTs } of series) {
    const query = { venue, symbol, timeframe: timeframe!, from: fromTs, to: to ?? toTs };
    if (role === 'rates') {
      const [base, quote] = pair!.split('/');
      rates.push(await storeRates(store, base!, quote!, query));
    } else if (role === 'finer') finer[symbol] = await store.bars(query);
    else if (role === 'funding') funding[symbol] = await storeFunding(store, query, bound);
  }
  return {
    ...(rates.length > 0 && { rates }),
    ...(Object.keys(finer).length > 0 && { finer }),
    ...(Object.keys(funding).length > 0 && { funding }),
    ...(passport.run.streams?.corporateActions && {
      corporateActions: await actionsOf(store, passport, to),
    }),
    ...(news.length > 0 && { news: await newsOf(store, news, to) }),
  };
}

/** As they were known when it was issued, or at a later end of the run. */
async function actionsOf(store: Store, { market, data }: Passport, to = data.toTs) {
  const actions: Record<string, readonly CorporateAction[]> = {};
  for (const instrument of market.instruments) {
    actions[instrument.symbol] = await corporateActions(store, instrument, to);
  }
  return actions;
}

/** All from the earliest beginning to the latest end: each symbol's rows are those of its series. */
function newsOf(store: Store, news: readonly Series[], to: Millis | undefined) {
  return storeNews(
    store,
    news.map(({ symbol }) => symbol),
    {
      venue: news[0]!.venue,
      from: Math.min(...news.map(({ fromTs }) => fromTs)),
      to: to ?? Math.max(...news.map(({ toTs }) => toTs)),
    },
  );
}
