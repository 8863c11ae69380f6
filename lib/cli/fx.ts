import { LabError } from '../core/errors.ts';
import { storeRates } from '../feed/store-rates.ts';
import type { ExchangeRates } from '../market/currency.ts';
import type { GivenAssumptions } from '../run.ts';
import { openStore } from '../store/store.ts';
import type { MarketOptions } from './market-options.ts';

/**
 * The exchange rates of a run: the closes of the stored bars that `--fx` names, each known when its bar closes. Bars of
 * before `--from` are read too, since the last of them is the rate of the first bar.
 *
 * @throws LabError `usage` for a pair that cannot be read, `data` when the store lacks it
 */
export async function exchangeRates(
  options: MarketOptions,
): Promise<Pick<GivenAssumptions, 'rates'>> {
  const { fx, timeframe, to } = options;
  if (fx.length === 0) return {};
  const store = await openStore();
  try {
    const rates: ExchangeRates[] = [];
    for (const text of fx) {
      const [symbol, venue = options.venue] = text.split('@');
      const [base, quote] = symbol!.split('/');
      if (!base || !quote || !venue) {
        throw new LabError(
          'usage',
          `--fx ${text} cannot be read; write BASE/QUOTE of the venue of the run, or BASE/QUOTE@VENUE`,
        );
      }
      rates.push(await storeRates(store, base, quote, { symbol: symbol!, venue, timeframe, to }));
    }
    return { rates };
  } finally {
    store.close();
  }
}
