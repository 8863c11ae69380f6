import type { NewsItem } from '../../market/news.ts';

/** An item that nobody has scored yet. */
export type Headline = Omit<NewsItem, 'sentiment'>;
