import { type NewsColumns, type NewsItem, newsColumns, newsItem } from '../market/news.ts';
import { unknownSeries } from '../store/refusal.ts';
import { openStore } from '../store/store.ts';
import type { MarketOptions } from './market-options.ts';

/**
 * The stored news about the symbols of a run, from the venue that `--news` names: each item once, though it is stored
 * under every symbol it is about.
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
    const items = new Map<string, NewsItem>();
    for (const symbol of symbols) {
      const series = { symbol, venue };
      if (!(await store.has('news', series))) continue;
      const columns: NewsColumns = await store.read('news', series, { from, to });
      for (let row = 0; row < columns.availableTs.length; row++) {
        const item = newsItem(columns, row);
        // An article that was edited is a further item.
        items.set(`${item.availableTs} ${item.source} ${item.id}`, item);
      }
    }
    if (items.size === 0) {
      throw await unknownSeries(store.root, { symbol: symbols.join(', '), venue }, 'news');
    }
    return { news: newsColumns([...items.values()]) };
  } finally {
    store.close();
  }
}
