import { LabError } from '../../core/errors.ts';
import { DAY, type Millis } from '../../core/time.ts';
import { rfc3339Millis } from '../rfc3339.ts';
import type { Headline } from './headline.ts';
import { type Alias, symbolsIn } from './symbols.ts';

type Fields = Readonly<Record<string, unknown>>;

const TITLES = ['headline', 'title'];
const TIMES = [
  'available_at',
  'availableTs',
  'updated_at',
  'created_at',
  'published_at',
  'publishedTs',
  'published',
  'date',
  'datetime',
  'timestamp',
  'time',
];
const PUBLISHED = ['published_at', 'publishedTs', 'published', 'created_at', ...TIMES];
const SYMBOLS = ['symbols', 'symbol', 'tickers', 'ticker', 'stock', 'stocks'];

/** Whether an object of a JSON file is a piece of news. */
export function isHeadline(fields: Fields): boolean {
  return TITLES.some((name) => typeof fields[name] === 'string');
}

/**
 * A headline from an object with common names: headline or title, a moment, and perhaps id, source, url, summary and
 * symbols. A moment without a zone is UTC, and of a day without a time the headline is known when it is over.
 *
 * @param aliases whom it may be about; it is about those it names itself when there are none
 * @param where names the file and line in errors
 */
export function jsonHeadline(fields: Fields, aliases: readonly Alias[], where: string): Headline {
  const text = (...names: readonly string[]) => {
    const value = names
      .map((name) => fields[name])
      .find((one) => one !== undefined && one !== null);
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  };
  const headline = text(...TITLES);
  const told = text(...TIMES);
  const availableTs = moment(told) + (isDayAlone(told) ? DAY : 0);
  if (headline === '' || !Number.isFinite(availableTs)) {
    const missing = headline === '' ? 'no headline' : `no moment, found "${told}"`;
    throw new LabError(
      'data',
      `${where} has ${missing}; expected headline or title, and created_at or date such as 2024-03-01T10:00:00Z`,
    );
  }
  const summary = text('summary', 'description');
  const found = symbolsIn(`${headline} ${summary}`, aliases);
  const named = SYMBOLS.map((name) => fields[name]).find((one) => one !== undefined);
  const own = (Array.isArray(named) ? named : String(named ?? '').split(/[\s,;|]+/)).map(String);
  const wanted = aliases.map(({ symbol }) => symbol);
  const about = aliases.length === 0 ? own : own.filter((symbol) => wanted.includes(symbol));
  return {
    availableTs,
    publishedTs: moment(text(...PUBLISHED)),
    id: text('id', 'guid', 'url', 'link'),
    source: text('source', 'publisher', 'author'),
    symbols: [...new Set([...about, ...found])].filter(Boolean),
    headline,
    summary,
    url: text('url', 'link'),
  };
}

/** Midnight without a zone is what programs write who know the day alone. */
const isDayAlone = (text: string) => /^\d{4}-\d\d-\d\d([T ]00:00(:00(\.0+)?)?)?$/.test(text);

function moment(text: string): Millis {
  if (/^\d{12,14}$/.test(text)) return Number(text);
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000;
  const exact = rfc3339Millis(text.replace(' ', 'T'));
  if (!Number.isNaN(exact)) return exact;
  return /^\d{4}-\d\d-\d\d([T ][\d:.]+)?$/.test(text)
    ? Date.parse(text.length === 10 ? text : `${text.replace(' ', 'T')}Z`)
    : Date.parse(text);
}
