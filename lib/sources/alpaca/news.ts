import type { marketData } from '@alpacahq/alpaca-trade-api/rest';
import type { Millis } from '../../core/time.ts';
import type { Rows } from '../../store/tables.ts';
import type { Headline } from '../news/headline.ts';
import { newsRows } from '../news/headlines.ts';
import type { PageSource } from '../pull.ts';
import type { BatchScorer } from '../sentiment/batch-scorer.ts';
import { type OpenAlpaca, TornAnswer } from './client.ts';
import { answers, rowPages } from './pages.ts';

const PAGE = 50;

/** News about a symbol. An article counts as known since its last change, for only that version is given. */
export function alpacaNews(
  alpaca: OpenAlpaca,
  symbol: string,
  score?: BatchScorer,
): PageSource<Rows<'news'>> {
  return (span) => {
    const asked = answers(async (pageToken) => {
      const { found, next } = await alpaca.ask(`news of ${symbol}`, async ({ marketData }) => {
        const { news, nextPageToken } = await marketData.news.news({
          symbols: symbol,
          start: new Date(span.from),
          end: new Date(span.to),
          sort: 'asc',
          limit: PAGE,
          includeContent: false,
          ...(pageToken !== undefined && { pageToken }),
        });
        return { found: (news ?? []).map(headlineOf), next: nextPageToken ?? null };
      });
      return { found: await newsRows(found, score), next };
    });
    return rowPages(
      'news',
      span,
      asked,
      ({ availableTs }) => availableTs,
      (row) => row,
    );
  };
}

/** The clock of Alpaca, by an answer about the newest article; what this machine shows may be ahead of it. */
export async function newsClock(alpaca: OpenAlpaca, symbol: string): Promise<Millis> {
  await alpaca.ask(`the newest article about ${symbol}`, ({ marketData }) =>
    marketData.news.news({ symbols: symbol, limit: 1, includeContent: false }),
  );
  return Number.isFinite(alpaca.now) ? alpaca.now : Date.now();
}

type Article = Pick<marketData.News, 'headline' | 'symbols'> & {
  readonly id: number | string;
  readonly createdAt?: Date | undefined;
  readonly updatedAt?: Date | undefined;
  readonly source?: string | undefined;
  readonly summary?: string | undefined;
  readonly url?: string | null | undefined;
};

/** @throws TornAnswer when it has no time or title */
export function headlineOf(article: Article): Headline {
  const { id, headline, symbols, source, summary, url, createdAt, updatedAt } = article;
  const publishedTs = createdAt?.getTime() ?? Number.NaN;
  const availableTs = Math.max(updatedAt?.getTime() ?? publishedTs, publishedTs);
  if (!Number.isFinite(availableTs) || typeof headline !== 'string') {
    throw new TornAnswer(`article ${id} has no time or no headline`);
  }
  return {
    availableTs,
    publishedTs,
    id: String(id),
    source: source ?? '',
    symbols: symbols ?? [],
    headline,
    summary: summary ?? '',
    url: url ?? '',
  };
}
