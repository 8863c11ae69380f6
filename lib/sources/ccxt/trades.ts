import { createHash } from 'node:crypto';
import type { Trade } from 'ccxt';
import { LabError } from '../../core/errors.ts';
import { HOUR, isoTime, type Millis } from '../../core/time.ts';
import type { Span } from '../../market/spans.ts';
import type { Rows } from '../../store/tables.ts';
import type { Page, PageSource } from '../pull.ts';
import { rowsFrom } from '../pull-rows.ts';
import { TornAnswer } from './exchange.ts';
import { isBinance, type VenueMarket } from './market.ts';

const PAGE = 1000;
const LARGE_PAGE = 100;

/**
 * A venue's prints, page by page. On Binance these are aggregate trades (the fills of one taker order at one price are
 * one row), which it pages by their consecutive ids; elsewhere pages follow the time of the last print.
 *
 * @throws LabError `usage` when the venue does not give its prints
 */
export function ccxtTrades(venue: VenueMarket): PageSource<Rows<'trades'>> {
  const { ccxt } = venue.exchange;
  if (!ccxt.has.fetchTrades) {
    throw new LabError('usage', `${ccxt.id} does not give its trades; pull bars instead`);
  }
  const asked = isBinance(ccxt) ? byId(venue) : byTime(venue);
  return async function* pages(span: Span): AsyncGenerator<Page<Rows<'trades'>>> {
    // Prints of one moment may lie on two pages, so those of the last moment wait for the next page.
    let waiting: Trade[] = [];
    for await (const { trades, done } of asked(span)) {
      const rows = [...waiting, ...trades];
      const inside = rows.filter(({ timestamp }) => timestamp! < done);
      waiting = rows.filter(({ timestamp }) => timestamp! >= done && timestamp! < span.to);
      yield { rows: tradeRows(inside), done };
    }
  };
}

interface Asked {
  readonly trades: readonly Trade[];
  /** Every print before this moment has now been given. */
  readonly done: Millis;
}

function byId(venue: VenueMarket) {
  return async function* (span: Span): AsyncGenerator<Asked> {
    let at = span.from;
    let nextId: number | undefined;
    while (at < span.to) {
      const trades = await askTrades(venue, nextId === undefined ? { since: at } : { nextId });
      const last = trades.at(-1);
      if (last === undefined) {
        // Asked by time it looks one hour ahead; asked by id there is nothing newer.
        at = nextId === undefined ? Math.min(at + HOUR, span.to) : span.to;
      } else {
        nextId = Number(last.id) + 1;
        at = Math.min(last.timestamp!, span.to);
      }
      yield { trades, done: at };
    }
  };
}

function byTime(venue: VenueMarket) {
  return async function* (span: Span): AsyncGenerator<Asked> {
    let seen = new Set<string>();
    for (let at = span.from; at < span.to; ) {
      const page = await askTrades(venue, { since: at });
      const trades = page.filter((trade) => trade.timestamp! >= at && !seen.has(keyOf(trade)));
      const last = page.at(-1)?.timestamp ?? span.to;
      // A page of what is known already is the end; a large one is a moment with more prints than a page holds.
      if (trades.length === 0 && page.length >= LARGE_PAGE) refuseCrowded(venue, at, page.length);
      seen = new Set(page.filter(({ timestamp }) => timestamp === last).map(keyOf));
      at = trades.length === 0 ? span.to : Math.min(last, span.to);
      yield { trades, done: at };
    }
  };
}

/** @throws LabError `data` because going on would leave prints out without a word */
function refuseCrowded({ exchange, symbol }: VenueMarket, at: Millis, rows: number): never {
  throw new LabError(
    'data',
    `${exchange.ccxt.id} gives the same ${rows} trades of ${symbol} again from ${isoTime(at)}: more happened then than it gives at once, and it cannot be asked for the rest; pull bars instead`,
  );
}

/** One page from a moment, or from an id of Binance's on. */
export async function askTrades(
  { exchange, symbol }: VenueMarket,
  { since, nextId }: { since?: Millis; nextId?: number },
): Promise<readonly Trade[]> {
  const params = nextId === undefined ? {} : { fromId: nextId };
  return exchange.ask(`trades of ${symbol}`, async (ccxt) =>
    checkTrades(await ccxt.fetchTrades(symbol, since, PAGE, params)),
  );
}

const keyOf = (trade: Trade) =>
  trade.id ?? `${trade.timestamp} ${trade.side} ${trade.price} ${trade.amount}`;

/** @throws TornAnswer when a trade has no time, price or amount */
export function checkTrades(trades: readonly Trade[]): readonly Trade[] {
  for (const { timestamp, price, amount, info } of trades) {
    if ([timestamp, price, amount].every(Number.isFinite)) continue;
    throw new TornAnswer(`a trade is ${JSON.stringify(info)}, expected a time, price and amount`);
  }
  return trades;
}

/**
 * Trades with all those of one moment together. An id that is no number is kept as a number made from it, the same
 * wherever the trade comes from; a trade without one is told apart by its place in its moment.
 */
export function tradeRows(trades: readonly Trade[]): Rows<'trades'> {
  let place = 0;
  return rowsFrom(
    'trades',
    trades.map(({ timestamp, price, amount, side, id }, i) => {
      place = trades[i - 1]?.timestamp === timestamp ? place + 1 : 0;
      return {
        ts: timestamp!,
        eventTs: timestamp!,
        id: id === undefined ? place : idNumber(id),
        price: price!,
        qty: amount!,
        aggressor: side === 'buy' ? 1 : side === 'sell' ? -1 : 0,
      };
    }),
  );
}

function idNumber(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  return createHash('sha256').update(id).digest().readUIntBE(0, 6);
}
