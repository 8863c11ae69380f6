import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { LabError } from '../../core/errors.ts';
import { HOUR, type Millis } from '../../core/time.ts';
import type { Store } from '../../store/store.ts';
import type { Headline } from '../news/headline.ts';
import { newsRows } from '../news/headlines.ts';
import { pullRows, rowsFrom } from '../pull-rows.ts';
import type { BatchScorer } from '../sentiment/batch-scorer.ts';
import { openAlpaca } from './client.ts';
import { venueOf } from './feed.ts';
import type { AlpacaKeys } from './keys.ts';
import { alpacaNews, headlineOf, newsClock } from './news.ts';

export interface NewsRecording {
  readonly keys: AlpacaKeys;
  readonly signal: AbortSignal;
  /** Servers in place of Alpaca's own. */
  readonly streamUrl?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly reconnectMs?: Millis | undefined;
  /** The lexicon unless another is given. */
  readonly score?: BatchScorer | undefined;
  readonly onNote?: ((note: string) => void) | undefined;
  readonly onRecorded?: ((rows: number) => void) | undefined;
}

/**
 * Stores the news of a symbol as they come, until the signal. After each connection what came in between, and the last
 * hour at the start, is asked for, and both ways lead to the same rows.
 *
 * @returns how many articles came by the stream
 * @throws LabError `usage` when the keys are refused
 */
export async function recordNews(
  store: Store,
  symbol: string,
  recording: NewsRecording,
): Promise<number> {
  const { keys, signal, streamUrl, baseUrl, reconnectMs, score, onNote, onRecorded } = recording;
  const series = { venue: venueOf('sip'), symbol };
  const alpaca = openAlpaca({ keys, signal, baseUrl });
  const history = alpacaNews(alpaca, symbol, score);
  let rows = 0;
  let until = Number.NaN;
  // Writes take turns, and the first that fails ends the recording.
  let writing: Promise<unknown> = Promise.resolve();

  const stream = new Alpaca(keys).marketData.newsStream({
    ...(streamUrl !== undefined && { url: streamUrl }),
    ...(reconnectMs !== undefined && { initialReconnectMs: reconnectMs }),
    maxReconnectAttempts: -1,
  });
  await new Promise<void>((resolve, reject) => {
    const write = (work: () => Promise<unknown>) => {
      writing = writing.then(work);
      writing.catch(reject);
    };
    const append = async (headline: Headline) => {
      await store.append('news', series, rowsFrom('news', await newsRows([headline], score)));
      until = Math.max(until, headline.availableTs);
      rows++;
      onRecorded?.(rows);
    };
    const catchUp = async () => {
      const now = await newsClock(alpaca, symbol);
      if (Number.isNaN(until)) until = now - HOUR;
      await pullRows(store, 'news', series, { from: Math.floor(until), to: now }, now, history, {
        signal,
      });
    };
    stream.onConnect(() => {
      stream.subscribeForNews([symbol]);
      write(catchUp);
    });
    stream.onNews((article) => {
      if (!article.symbols.includes(symbol)) return;
      write(() => append(headlineOf({ ...article, id: article.idRaw ?? article.id })));
    });
    stream.onDisconnect(() => {
      if (!signal.aborted) onNote?.('the news stream broke off; connecting again');
    });
    stream.onError((message) => {
      if (/auth|402|401/i.test(message)) {
        reject(new LabError('usage', `Alpaca's news stream refuses the keys: ${message}`));
      } else onNote?.(`the news stream says: ${message}`);
    });
    signal.addEventListener('abort', () => resolve(), { once: true });
    stream.connect();
  }).finally(() => stream.disconnect());
  await writing;
  return rows;
}
