import { storeNews } from '../feed/store-news.ts';
import type { NewsColumns } from '../market/news.ts';
import { openStore } from '../store/store.ts';
import type { MarketOptions } from './market-options.ts';

/**
 * The stored news about the symbols of a run, from the venue that `--news` names.
 *
 * @throws LabError `data` when there are none of any symbol
 */
export async function newsFor(
  { news: venue, from, to }: MarketOptions,
  symbols: readonly string[],
): Promise<{ readonly news?: NewsColumns }> {
  if (venue === undefined) return {};
  const store = await openStore();
  try {
    return { news: await storeNews(store, symbols, { venue, from, to }) };
  } finally {
    store.close();
  }
}
