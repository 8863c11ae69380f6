import { LabError } from '../../core/errors.ts';
import type { Span } from '../../market/spans.ts';
import type { Rows } from '../../store/tables.ts';
import type { Page, PageSource } from '../pull.ts';
import { rowsFrom } from '../pull-rows.ts';
import { TornAnswer } from './exchange.ts';
import type { VenueMarket } from './market.ts';

const PAGE = 100;

/**
 * The funding a perpetual has settled. What a settlement does not tell, such as the mark price on most venues, is NaN.
 *
 * @throws LabError `usage` when the market has no funding
 */
export function ccxtFunding({
  exchange,
  market,
  symbol,
}: VenueMarket): PageSource<Rows<'funding'>> {
  if (!market.swap || !exchange.ccxt.has.fetchFundingRateHistory) {
    throw new LabError(
      'usage',
      `${symbol} on ${exchange.ccxt.id} has no funding; perpetuals have, such as BTC/USDT:USDT`,
    );
  }
  return async function* pages(span: Span): AsyncGenerator<Page<Rows<'funding'>>> {
    for (let at = span.from; at < span.to; ) {
      const since = at;
      const rates = await exchange.ask(`funding of ${symbol}`, (ccxt) =>
        ccxt.fetchFundingRateHistory(symbol, since, PAGE),
      );
      const rows = rates.map(({ timestamp, fundingRate, info }) => {
        if (!Number.isFinite(timestamp) || !Number.isFinite(fundingRate)) {
          throw new TornAnswer(`funding is ${JSON.stringify(info)}, expected a time and a rate`);
        }
        const markPrice = Number(info?.markPrice || Number.NaN);
        return {
          availableTs: timestamp!,
          rate: fundingRate!,
          markPrice,
          intervalHours: Number.NaN,
        };
      });
      const inside = rows.filter(({ availableTs: ts }) => ts >= since && ts < span.to);
      const last = rows.at(-1)?.availableTs;
      at = last === undefined || last < since ? span.to : Math.min(last + 1, span.to);
      yield { rows: rowsFrom('funding', inside), done: at };
    }
  };
}
