import { MINUTE, type Millis } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';

/** One aggregate trade as the venue has it. */
export interface VenueTrade {
  readonly id: number;
  readonly ts: Millis;
  readonly price: string;
  readonly qty: string;
  readonly buyerIsMaker: boolean;
}

export interface VenueFunding {
  readonly ts: Millis;
  readonly rate: string;
  readonly markPrice: string;
}

/** What a Binance of tests knows about its one market, in spot and as a perpetual. */
export interface VenueData {
  /** One-minute bars, ascending; minutes without one are holes. */
  readonly bars?: BarColumns;
  readonly trades?: readonly VenueTrade[];
  readonly funding?: readonly VenueFunding[];
  readonly depth?: { lastUpdateId: number; bids: string[][]; asks: string[][] };
  /** The whole answer about its markets, in place of one that is made up. */
  readonly exchangeInfo?: unknown;
  /** Its tick; a venue may change it. */
  tickSize?: string;
}

/** What GET `path` answers; undefined for a path that the venue has not. Field names and order follow its documentation. */
export function answer(
  path: string,
  query: URLSearchParams,
  data: VenueData,
  now: Millis,
): unknown {
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
  switch (path) {
    case '/api/v3/time':
    case '/fapi/v1/time':
      return { serverTime: now };
    case '/api/v3/exchangeInfo':
      return (
        data.exchangeInfo ?? {
          timezone: 'UTC',
          serverTime: now,
          symbols: [spotSymbol(data.tickSize)],
        }
      );
    case '/fapi/v1/exchangeInfo':
      return { timezone: 'UTC', serverTime: now, symbols: [perpetualSymbol(data.tickSize)] };
    case '/api/v3/klines':
    case '/fapi/v1/klines': {
      const [from, to] = [number('startTime', 0), number('endTime', Number.POSITIVE_INFINITY)];
      return klines(data.bars, from, Math.min(to, now), Math.min(number('limit', 500), 1000));
    }
    case '/api/v3/aggTrades':
    case '/fapi/v1/aggTrades': {
      const [from, to] = [number('startTime', 0), number('endTime', Number.POSITIVE_INFINITY)];
      const fromId = number('fromId', Number.NEGATIVE_INFINITY);
      return (data.trades ?? [])
        .filter(({ id, ts }) => id >= fromId && ts >= from && ts <= to && ts <= now)
        .slice(0, Math.min(number('limit', 500), 1000))
        .map(({ id, ts, price, qty, buyerIsMaker }) => ({
          a: id,
          p: price,
          q: qty,
          f: id,
          l: id,
          T: ts,
          m: buyerIsMaker,
          M: true,
        }));
    }
    case '/fapi/v1/fundingRate':
      return (data.funding ?? [])
        .filter(({ ts }) => ts >= number('startTime', 0) && ts <= now)
        .slice(0, number('limit', 100))
        .map(({ ts, rate, markPrice }) => ({
          symbol: 'BTCUSDT',
          fundingTime: ts,
          fundingRate: rate,
          markPrice,
        }));
    case '/api/v3/depth':
      return data.depth;
    default:
      return undefined;
  }
}

/** The bar of the running minute is among them, as on the venue. */
function klines(bars: BarColumns | undefined, from: Millis, to: Millis, limit: number) {
  const rows: unknown[][] = [];
  for (let i = 0; bars && i < bars.openTs.length && rows.length < limit; i++) {
    const openTs = bars.openTs[i]!;
    if (openTs < from || openTs > to) continue;
    const [open, high, low, close] = [bars.open[i], bars.high[i], bars.low[i], bars.close[i]];
    const volume = String(bars.volume[i]);
    const prices = [open, high, low, close].map(String);
    rows.push([openTs, ...prices, volume, openTs + MINUTE - 1, '0', 1, '0', '0', '0']);
  }
  return rows;
}

function spotSymbol(tickSize = '0.01000000') {
  return {
    symbol: 'BTCUSDT',
    status: 'TRADING',
    baseAsset: 'BTC',
    baseAssetPrecision: 8,
    quoteAsset: 'USDT',
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'],
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: true,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: '0.01000000',
        maxPrice: '1000000.00000000',
        tickSize,
      },
      {
        filterType: 'LOT_SIZE',
        minQty: '0.00001000',
        maxQty: '9000.00000000',
        stepSize: '0.00001000',
      },
      { filterType: 'NOTIONAL', minNotional: '5.00000000', applyMinToMarket: true },
    ],
    permissions: ['SPOT', 'MARGIN'],
  };
}

function perpetualSymbol(tickSize = '0.10') {
  return {
    symbol: 'BTCUSDT',
    pair: 'BTCUSDT',
    contractType: 'PERPETUAL',
    deliveryDate: 4133404800000,
    onboardDate: 1569398400000,
    status: 'TRADING',
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    marginAsset: 'USDT',
    pricePrecision: 2,
    quantityPrecision: 3,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '556.80', maxPrice: '4529764', tickSize },
      { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
      { filterType: 'MIN_NOTIONAL', notional: '100' },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  };
}
