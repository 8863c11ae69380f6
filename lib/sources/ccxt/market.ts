import type { Exchange, Market } from 'ccxt';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { defineInstrument, type Instrument } from '../../market/instrument.ts';
import { nearest } from '../../store/nearest.ts';
import type { OpenExchange } from './exchange.ts';

type Known = NonNullable<Market>;

/** One market of an exchange, with the venue's clock. */
export interface VenueMarket {
  readonly exchange: OpenExchange;
  readonly symbol: string;
  readonly market: Known;
  readonly instrument: Instrument;
  /** The venue's time at the moment of opening, by which bars are closed or not. */
  readonly now: Millis;
}

/**
 * Finds a symbol in ccxt's words: `BTC/USDT`, or `BTC/USDT:USDT` for the perpetual that settles in USDT.
 *
 * @throws LabError `usage` when the exchange has no such market; names the nearest
 */
export async function openMarket(exchange: OpenExchange, symbol: string): Promise<VenueMarket> {
  loadOnlyTypeOf(exchange.ccxt, symbol);
  const now = await venueTime(exchange, symbol);
  // Told to reload, because ccxt else remembers an attempt that failed and fails again without asking.
  const markets = await exchange.ask('list of markets', (ccxt) => ccxt.loadMarkets(true));
  const market = markets[symbol];
  if (!market) {
    throw new LabError(
      'usage',
      `${exchange.ccxt.id} has no market ${symbol}; nearest of ${Object.keys(markets).length} are ${nearest(symbol, Object.keys(markets)).join(', ')}`,
    );
  }
  return { exchange, symbol, market, instrument: instrumentOf(exchange.ccxt, market), now };
}

/** Binance and its relatives list spot and each kind of futures on servers of their own; one of them is enough. */
function loadOnlyTypeOf(ccxt: Exchange, symbol: string): void {
  if (!isBinance(ccxt)) return;
  const [pair = '', settle] = symbol.split(':');
  const quote = pair.split('/')[1];
  const type =
    settle === undefined ? 'spot' : settle.startsWith(quote ?? '') ? 'linear' : 'inverse';
  ccxt.options.fetchMarkets = { types: [type] };
  ccxt.options.defaultType = type === 'spot' ? 'spot' : 'swap';
  ccxt.options.defaultSubType = type;
}

export const isBinance = (ccxt: Exchange) => ccxt.id.startsWith('binance');

/** The clock that decides whether a bar has closed is the venue's; this machine's may be wrong. */
async function venueTime({ ccxt, ask }: OpenExchange, symbol: string): Promise<Millis> {
  if (!ccxt.has.fetchTime) return Date.now();
  const now = await ask(`time (${symbol})`, (ccxt) => ccxt.fetchTime());
  return typeof now === 'number' && now > 0 ? now : Date.now();
}

function instrumentOf(ccxt: Exchange, market: Known): Instrument {
  return defineInstrument({
    symbol: market.symbol,
    venue: ccxt.id,
    quote: market.quote,
    tickSize: step(ccxt, market.precision.price),
    lotSize: step(ccxt, market.precision.amount),
    minNotional: market.limits.cost?.min ?? 0,
  });
}

const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

/** A step from what ccxt calls precision; 0 where it counts significant digits, which is no step. */
function step(ccxt: Exchange, precision: number | undefined): number {
  if (precision === undefined) return 0;
  if (ccxt.precisionMode === TICK_SIZE) return precision;
  return ccxt.precisionMode === DECIMAL_PLACES ? Number(`1e${-precision}`) : 0;
}
