import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import type { PullFrom } from '../pull-request.ts';
import { type FeedEntry, parseFeed } from './feed-xml.ts';
import { fetchText } from './fetch-text.ts';
import type { Headline } from './headline.ts';
import { storeHeadlines } from './headlines.ts';
import { type Alias, parseAliases, symbolsIn } from './symbols.ts';

const VENUE = 'rss';

/**
 * What an RSS or Atom feed shows now, under the symbols its entries are about; run again and again it becomes a history.
 * An entry counts as known since it says it was published or changed, and one without a date since it was first seen.
 *
 * @throws LabError `usage` without symbols; `data` when it is no feed
 */
export const pullFromFeed: PullFrom = async (store, request, hooks) => {
  if (request.symbols === undefined) {
    throw new LabError(
      'usage',
      'news of a feed are stored under symbols; give --symbols AAPL, or with names --symbols "AAPL=Apple|iPhone,MSFT=Microsoft"',
    );
  }
  const aliases = parseAliases(request.symbols);
  const now = Date.now();
  const { title, entries } = parseFeed(await fetchText(request.symbol, hooks), request.symbol);
  const source = title || new URL(request.symbol).host;
  const headlines = entries.map((entry) => headlineOf(entry, source, aliases, now));
  const tied = headlines.filter(({ headline, symbols }) => headline !== '' && symbols.length > 0);
  if (tied.length < entries.length) {
    hooks.onNote?.(`${entries.length - tied.length} of ${entries.length} entries name no symbol`);
  }
  const stored = await storeHeadlines(store, VENUE, tied, request.score);
  const missing = stored.rows > 0 ? [{ from: now, to: now }] : [];
  return { ...stored, missing, interrupted: false };
};

/** A feed for one symbol without names is all about that one. */
function headlineOf(
  entry: FeedEntry,
  source: string,
  aliases: readonly Alias[],
  now: Millis,
): Headline {
  const [only] = aliases;
  const all = aliases.length === 1 && only?.names.length === 0;
  const told = Number.isNaN(entry.updatedTs) ? entry.publishedTs : entry.updatedTs;
  return {
    availableTs: Number.isNaN(told) ? now : Math.min(told, now),
    publishedTs: entry.publishedTs,
    id: entry.id,
    source,
    symbols: all ? [only.symbol] : symbolsIn(`${entry.title} ${entry.summary}`, aliases),
    headline: entry.title,
    summary: entry.summary,
    url: entry.url,
  };
}
