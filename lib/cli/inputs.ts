import type { GivenAssumptions } from '../run.ts';
import { accountFor } from './account.ts';
import { finerFor } from './finer.ts';
import { type Market, symbolsOf } from './market.ts';
import type { MarketOptions } from './market-options.ts';
import { newsFor } from './news.ts';

/** What a run reads and assumes beside the bars of its markets, as the options ask for it. */
export async function inputsFor(
  options: MarketOptions,
  markets: readonly Market[],
): Promise<Partial<GivenAssumptions>> {
  return {
    ...(await accountFor(options, markets)),
    ...(await finerFor(options, markets)),
    ...(await newsFor(options, symbolsOf(markets))),
  };
}
