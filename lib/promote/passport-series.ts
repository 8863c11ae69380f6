import { LabError } from '../core/errors.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { storeNews } from '../feed/store-news.ts';
import { storeRates } from '../feed/store-rates.ts';
import type { BarColumns } from '../market/bar.ts';
import type { ExchangeRates } from '../market/currency.ts';
import type { NewsColumns } from '../market/news.ts';
import { type RunInputs, rowsHash } from '../store/input-series.ts';
import type { Store } from '../store/store.ts';
import type { Passport } from './passport.ts';

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
export function verifyRows(series: Series, place: number, rows: BarColumns | NewsColumns): void {
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
  const what = role === 'rates' ? `rates of ${pair}, ` : role === 'finer' ? 'finer bars, ' : '';
  return `${what}${timeframe} bars of ${symbol} on ${venue}`;
}

function readRows(
  store: Store,
  { kind, venue, symbol, timeframe, fromTs: from, toTs: to }: Series,
): Promise<BarColumns | NewsColumns> {
  const range = { venue, symbol, from, to };
  if (kind === 'news') return store.read('news', { venue, symbol }, range);
  return store.bars({ ...range, timeframe: timeframe! });
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
): Promise<RunInputs> {
  const { series } = passport.data;
  const rates: ExchangeRates[] = [];
  const finer: Record<string, BarColumns> = {};
  const news = series.filter(({ role }) => role === 'news');
  for (const { role, pair, venue, symbol, timeframe, fromTs, toTs } of series) {
    const query = { venue, symbol, timeframe: timeframe!, from: fromTs, to: to ?? toTs };
    if (role === 'rates') {
      const [base, quote] = pair!.split('/');
      rates.push(await storeRates(store, base!, quote!, query));
    } else if (role === 'finer') finer[symbol] = await store.bars(query);
  }
  return {
    ...(rates.length > 0 && { rates }),
    ...(Object.keys(finer).length > 0 && { finer }),
    ...(news.length > 0 && { news: await newsOf(store, news, to) }),
  };
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
