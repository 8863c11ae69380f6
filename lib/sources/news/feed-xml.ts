import { XMLParser } from 'fast-xml-parser';
import { LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';

/** One entry of a feed as it stands there. */
export interface FeedEntry {
  /** '' when the feed gives none. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly url: string;
  /** NaN when it is not dated. */
  readonly publishedTs: Millis;
  /** When it was last changed; NaN when that is not told. */
  readonly updatedTs: Millis;
}

export interface ParsedFeed {
  readonly title: string;
  readonly entries: readonly FeedEntry[];
}

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: false,
  parseTagValue: false,
  parseAttributeValue: false,
  htmlEntities: true,
  trimValues: true,
});

/**
 * Reads RSS 0.9x, 1.0 and 2.0, and Atom 1.0.
 *
 * @param where names the feed in errors
 * @throws LabError `data` when it is none of these
 */
export function parseFeed(text: string, where: string): ParsedFeed {
  if (/<!ENTITY/i.test(text)) {
    throw new LabError(
      'data',
      `${where} declares entities of its own, which no feed needs; not read`,
    );
  }
  let root: Node;
  try {
    root = parser.parse(text, true) as Node;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('data', `${where} is no XML: ${reason}; expected an RSS or Atom feed`, {
      cause,
    });
  }
  const atom = node(root.feed);
  if (atom) return { title: plain(atom.title), entries: list(atom.entry).map(atomEntry) };
  const rdf = node(root['rdf:RDF']);
  const channel = node(rdf?.channel ?? node(root.rss)?.channel);
  if (channel) {
    const items = rdf ? list(rdf.item) : list(channel.item);
    return { title: plain(channel.title), entries: items.map(rssEntry) };
  }
  const found = Object.keys(root).find((name) => !name.startsWith('?')) ?? 'nothing';
  throw new LabError('data', `${where} holds <${found}>; expected <rss>, <rdf:RDF> or <feed>`);
}

function rssEntry(item: Node): FeedEntry {
  const url = plain(item.link) || (plain(item.guid).startsWith('http') ? plain(item.guid) : '');
  return {
    id: plain(item.guid) || plain(item['@rdf:about']) || url,
    title: plain(item.title),
    summary: plain(item.description),
    url,
    publishedTs: Date.parse(plain(item.pubDate) || plain(item['dc:date'])),
    updatedTs: Number.NaN,
  };
}

function atomEntry(entry: Node): FeedEntry {
  const links = list(entry.link);
  const link = links.find((one) => (one['@rel'] ?? 'alternate') === 'alternate') ?? links[0];
  const updatedTs = Date.parse(plain(entry.updated));
  const published = Date.parse(plain(entry.published));
  return {
    id: plain(entry.id),
    title: plain(entry.title),
    summary: plain(entry.summary) || plain(entry.content),
    url: plain(link?.['@href']),
    publishedTs: Number.isNaN(published) ? updatedTs : published,
    updatedTs,
  };
}

function node(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null ? (value as Node) : undefined;
}

function list(value: unknown): Node[] {
  return (Array.isArray(value) ? value : [value]).map(node).filter((one) => one !== undefined);
}

/** The text of an element without its markup, on one line. */
function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : String(node(value)?.['#text'] ?? '');
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 2000);
}
