import { type ExchangeRates, ratesFromBars } from '../market/currency.ts';
import { rememberSources } from '../store/origin.ts';
import type { BarsQuery, Store } from '../store/store.ts';

/**
 * The closes of stored bars as exchange rates: what one unit of `base` cost in `quote`, known when its bar closes. A run
 * remembers which bars they were, so that a passport can name them.
 *
 * @throws LabError `data` when the series is unknown or the range empty
 */
export async function storeRates(
  store: Store,
  base: string,
  quote: string,
  query: BarsQuery,
): Promise<ExchangeRates> {
  const bars = await store.bars(query);
  const rates = ratesFromBars(base, quote, bars);
  rememberSources(rates, [bars]);
  return rates;
}
