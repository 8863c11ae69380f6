import { LabError } from '../../core/errors.ts';
import { DAY, isoDay, type Millis } from '../../core/time.ts';
import type { Span } from '../../market/spans.ts';
import type { PullKind } from '../pull-request.ts';

/** One zip of the archive, by its path under the base URL, and the time its rows are of. */
export interface ArchiveFile extends Span {
  readonly path: string;
  /** The day files of the same month, where the archive may have those and not the month. */
  readonly days: readonly ArchiveFile[];
}

/** What of the archive holds one kind of rows of one symbol. */
export interface ArchiveSeries {
  readonly folder: 'spot' | 'futures/um';
  readonly data: 'klines' | 'aggTrades' | 'trades' | 'bookDepth' | 'fundingRate';
  /** As the exchange writes it, such as BTCUSDT or BTCUSDT_240329. */
  readonly name: string;
  readonly timeframe: string;
}

/**
 * Where the archive keeps what is asked for. Trades are its aggregate trades, one for what an order took at one price,
 * which are what the exchange itself gives and streams, under the same ids. Prints are each of the orders it met.
 *
 * @throws LabError `usage` for what the archive lacks
 */
export function archiveSeries(symbol: string, kind: PullKind, timeframe: string): ArchiveSeries {
  const match = /^(\w+)\/(\w+)(?::(\w+)(?:-(\d{6}))?)?$/.exec(symbol);
  const [, base, quote, settle, expiry] = match ?? [];
  if (!match || (settle !== undefined && settle !== quote)) {
    throw new LabError(
      'usage',
      `the archive has spot and USD-M futures, such as BTC/USDT and BTC/USDT:USDT; found ${symbol}`,
    );
  }
  const name = `${base}${quote}${expiry === undefined ? '' : `_${expiry}`}`.toUpperCase();
  const folder = settle === undefined ? 'spot' : 'futures/um';
  if (kind === 'bars') return { folder, data: 'klines', name, timeframe };
  if (kind === 'trades') return { folder, data: 'aggTrades', name, timeframe: '' };
  if (kind === 'prints') return { folder, data: 'trades', name, timeframe: '' };
  if (kind === 'depth' && folder === 'futures/um') {
    return { folder, data: 'bookDepth', name, timeframe: '' };
  }
  if (kind === 'funding' && folder === 'futures/um') {
    return { folder, data: 'fundingRate', name, timeframe: '' };
  }
  const instead = {
    funding: 'spot markets have no funding; write the perpetual, such as BTC/USDT:USDT',
    book: 'its bookDepth holds totals by distance from the price (--kind depth), no levels; `lab data record binance` keeps the book from now on',
    depth: 'only futures have it; write the perpetual, such as BTC/USDT:USDT',
    rules: '`lab data pull binance` notes them as they stand',
  } as const satisfies Partial<Record<PullKind, string>>;
  const hint =
    kind in instead
      ? instead[kind as keyof typeof instead]
      : 'it has bars, trades, prints, depth and funding';
  throw new LabError('usage', `the archive has no ${kind} of ${symbol}: ${hint}`);
}

/** The files that hold a span: whole months by the month, the rest by the day; funding comes by the month only, depth by the day. */
export function archiveFiles(series: ArchiveSeries, span: Span): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  for (let month = monthStart(span.from); month < span.to; month = nextMonth(month)) {
    const end = nextMonth(month);
    const from = Math.max(month, dayStart(span.from));
    const days =
      series.data === 'fundingRate' ? [] : dayFiles(series, from, Math.min(end, span.to));
    const whole = from === month && span.to >= end && series.data !== 'bookDepth';
    if (whole || series.data === 'fundingRate') files.push(monthFile(series, month, days));
    else files.push(...days);
  }
  return files;
}

function monthFile(series: ArchiveSeries, from: Millis, days: readonly ArchiveFile[]): ArchiveFile {
  const path = pathOf(series, 'monthly', isoDay(from).slice(0, 7));
  return { path, from, to: nextMonth(from), days };
}

function dayFiles(series: ArchiveSeries, from: Millis, to: Millis): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  for (let day = from; day < to; day += DAY) {
    const path = pathOf(series, 'daily', isoDay(day));
    files.push({ path, from: day, to: day + DAY, days: [] });
  }
  return files;
}

function pathOf({ folder, data, name, timeframe }: ArchiveSeries, period: string, date: string) {
  const directory = ['data', folder, period, data, name, timeframe].filter(Boolean).join('/');
  return `${directory}/${name}-${timeframe || data}-${date}.zip`;
}

export const dayStart = (ts: Millis) => Math.floor(ts / DAY) * DAY;

export function monthStart(ts: Millis): Millis {
  const date = new Date(ts);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function nextMonth(month: Millis): Millis {
  const date = new Date(month);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
