import { readFileSync } from 'node:fs';
import { DAY, MINUTE } from '@streamscalp/lib/core/time';
import { recordNews } from '@streamscalp/lib/sources/alpaca/news-stream';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { listening } from '../venues/alpaca-keys.ts';
import { AlpacaNewsStream } from '../venues/alpaca-news-stream.ts';
import { pullAlpaca } from '../venues/alpaca-pull.ts';
import { AlpacaServer } from '../venues/alpaca-server.ts';

const FROM = Date.UTC(2024, 2, 1);
const SERIES = { venue: 'alpaca', symbol: 'AAPL' };

let server: AlpacaServer;
let store: Store;

beforeEach(async () => {
  server = await listening(new AlpacaServer({}, FROM + DAY));
  store = await openStore(scratchDirectory());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  store.close();
  await server.close();
});

const article = (id: number, ts: number, headline: string, symbols = ['AAPL']) => ({
  ...{ id, headline, symbols, author: 'A', content: '', images: [], source: 'benzinga' },
  ...{ summary: '', url: `https://news.example/${id}` },
  created_at: new Date(ts).toISOString(),
  updated_at: new Date(ts + MINUTE).toISOString(),
});

describe('news from Alpaca', () => {
  it('are stored, scored, as known since their last change', async () => {
    server.data = {
      news: [
        article(1, FROM, 'Apple beats estimates, raises dividend', ['AAPL', 'QQQ']),
        article(2, FROM + MINUTE, 'Apple shares slump after profit warning'),
        article(3, FROM + 2 * MINUTE, 'Microsoft opens an office', ['MSFT']),
      ],
    };
    const pulled = () => pullAlpaca(store, server, { kind: 'news', from: FROM, to: FROM + DAY });
    expect((await pulled()).summary).toMatchObject({ rows: 2 });
    const news = await store.read('news', SERIES);
    expect(news.id).toEqual(['1', '2']);
    expect([...news.availableTs]).toEqual([FROM + MINUTE, FROM + 2 * MINUTE]);
    expect([...news.publishedTs]).toEqual([FROM, FROM + MINUTE]);
    expect(news.symbols).toEqual(['AAPL QQQ', 'AAPL']);
    expect(news.sentiment[0]).toBeGreaterThan(0.2);
    expect(news.sentiment[1]).toBeLessThan(-0.2);
    expect((await pulled()).summary).toMatchObject({ rows: 0, written: 0, missing: [] });
  });

  it('are pulled up to the clock of Alpaca, which this machine may be ahead of', async () => {
    server.now = FROM + MINUTE;
    const pulled = () => pullAlpaca(store, server, { kind: 'news', from: FROM });
    expect((await pulled()).summary.rows).toBe(0);
    server.data = { news: [article(1, FROM + 5 * MINUTE, 'Apple gains')] };
    server.now = FROM + 10 * MINUTE;
    expect((await pulled()).summary.rows).toBe(1);
  });

  it('come over any number of pages', async () => {
    const many = Array.from({ length: 120 }, (_, i) => article(i, FROM + i * 1000, `Title ${i}`));
    server.data = { news: many };
    await pullAlpaca(store, server, { kind: 'news', from: FROM });
    expect((await store.read('news', SERIES)).id).toEqual(many.map(({ id }) => String(id)));
    // Of which one shows the clock.
    expect(server.taken('/news')).toHaveLength(1 + 3);
  });

  it.skipIf(!hasSharedData)('are read as they were captured (needs ../shared/data)', async () => {
    const bodies = JSON.parse(
      readFileSync(sharedData('payloads/alpaca/alpacapy_historical_news_data.json'), 'utf8'),
    ) as { body: unknown }[];
    server.captured.set(
      '/v1beta1/news',
      // The first answer shows the clock.
      [bodies[0]!, ...bodies].map(({ body }) => body),
    );
    server.now = Date.UTC(2024, 11, 1);
    await pullAlpaca(store, server, { kind: 'news', symbol: 'CWAN', from: FROM });
    const { headline, availableTs } = await store.read('news', { venue: 'alpaca', symbol: 'CWAN' });
    expect(headline.at(-1)).toMatch(/^Piper Sandler Maintains Neutral on Clearwater/);
    expect(availableTs.at(-1)).toBe(Date.parse('2024-11-07T09:16:41Z'));
  });
});

describe('the news stream of Alpaca', () => {
  const recent = Date.now() - 10 * MINUTE;
  let stream: AlpacaNewsStream;
  let stop: AbortController;

  beforeEach(async () => {
    stream = await new AlpacaNewsStream().listen();
    server.now = Date.now();
    stop = new AbortController();
  });
  afterEach(() => stream.close());

  /** Records until `rows` articles came by the stream. */
  function recording(rows: number, keys = stream.keys) {
    return recordNews(store, 'AAPL', {
      keys,
      signal: stop.signal,
      streamUrl: stream.url,
      baseUrl: server.url,
      reconnectMs: 1,
      onRecorded: (count) => {
        if (count === rows) stop.abort();
      },
    });
  }

  it('is stored as it comes, and what a break lost is asked for', async () => {
    const first = article(1, recent, 'Apple hit by lawsuit');
    const lost = article(2, recent + MINUTE, 'Apple settles');
    const last = article(3, recent + 2 * MINUTE, 'Apple surges 5%');
    let subscribed = stream.subscription();
    const recorded = recording(2);
    await subscribed;
    stream.publish(first);
    stream.publish(article(9, recent, 'About somebody else', ['MSFT']));
    subscribed = stream.subscription();
    server.data = { news: [first, lost] };
    stream.drop();
    await subscribed;
    stream.publish(last);
    expect(await recorded).toBe(2);
    const { id } = await store.read('news', SERIES);
    expect(id).toEqual(['1', '2', '3']);
  });

  it('asks for what a break lost by the clock of Alpaca, which this machine may be ahead of', async () => {
    const behind = 20 * MINUTE;
    server.now = Date.now() - behind;
    const first = article(1, recent - behind, 'Apple hit by lawsuit');
    let subscribed = stream.subscription();
    const recorded = recording(2);
    await subscribed;
    stream.publish(first);
    // Later than the first connection, and earlier than what this machine's clock showed then.
    const lost = article(2, server.now + MINUTE, 'Apple settles');
    subscribed = stream.subscription();
    server.now += 5 * MINUTE;
    server.data = { news: [first, lost] };
    stream.drop();
    await subscribed;
    stream.publish(article(3, server.now, 'Apple surges 5%'));
    expect(await recorded).toBe(2);
    expect((await store.read('news', SERIES)).id).toEqual(['1', '2', '3']);
  });

  it('ends when the keys are refused', async () => {
    await expect(recording(1, { keyId: 'PKTEST', secret: 'wrong' })).rejects.toThrow(
      'refuses the keys',
    );
  });
});
