import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { oneByOne, rescoreNews } from '@streamscalp/lib';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { parseFeed } from '@streamscalp/lib/sources/news/feed-xml';
import { fetchText } from '@streamscalp/lib/sources/news/fetch-text';
import { storeHeadlines } from '@streamscalp/lib/sources/news/headlines';
import { jsonHeadline } from '@streamscalp/lib/sources/news/json-headline';
import { pullFromFeed } from '@streamscalp/lib/sources/news/pull-feed';
import { parseAliases, symbolsIn } from '@streamscalp/lib/sources/news/symbols';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';

const RSS = `<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>
<item><title>Apple &amp; Co. gain 3%</title><link>https://n.example/1</link><guid>a1</guid>
<pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate><description><![CDATA[<p>Shares   of Apple</p>]]></description></item>
<item><title>Microsoft slips ($MSFT)</title><guid isPermaLink="false">a2</guid><pubDate>Fri, 01 Mar 2024 11:00:00 GMT</pubDate></item>
<item><title>Weather fine</title><guid>a3</guid><pubDate>Fri, 01 Mar 2024 12:00:00 GMT</pubDate></item>
</channel></rss>`;

const ATOM = `<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Filings</title>
<entry><id>urn:1</id><title>8-K of Apple</title><link rel="self" href="https://n.example/self"/><link href="https://n.example/8k"/>
<published>2024-03-01T10:00:00Z</published><updated>2024-03-01T10:05:00Z</updated><summary>Results</summary></entry></feed>`;

const RDF = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Old</title></channel><item rdf:about="https://n.example/r"><title>Gold falls</title><link>https://n.example/r</link><dc:date>2024-03-01T10:00:00+01:00</dc:date></item></rdf:RDF>`;

describe('feeds', () => {
  it('reads RSS 2.0 with entities, CDATA and markup', () => {
    const { title, entries } = parseFeed(RSS, 'x');
    expect(title).toBe('Wire');
    expect(entries[0]).toEqual({
      id: 'a1',
      title: 'Apple & Co. gain 3%',
      summary: 'Shares of Apple',
      url: 'https://n.example/1',
      publishedTs: Date.UTC(2024, 2, 1, 10),
      updatedTs: Number.NaN,
    });
    expect(entries).toHaveLength(3);
  });

  it('reads Atom, with its link to the page and both of its moments', () => {
    expect(parseFeed(ATOM, 'x').entries).toEqual([
      {
        id: 'urn:1',
        title: '8-K of Apple',
        summary: 'Results',
        url: 'https://n.example/8k',
        publishedTs: Date.UTC(2024, 2, 1, 10),
        updatedTs: Date.UTC(2024, 2, 1, 10, 5),
      },
    ]);
  });

  it('reads RSS 1.0 with a zone', () => {
    expect(parseFeed(RDF, 'x').entries[0]).toMatchObject({
      id: 'https://n.example/r',
      publishedTs: Date.UTC(2024, 2, 1, 9),
    });
  });

  it.each([
    ['<html><body>x</body></html>', 'holds <html>; expected <rss>, <rdf:RDF> or <feed>'],
    ['not a feed', 'expected'],
    ['<rss><channel>', 'is no XML'],
    ['<!DOCTYPE x [<!ENTITY a "aaa">]><rss/>', 'declares entities of its own'],
  ])('refuses %j', (text, message) => {
    expect(() => parseFeed(text, 'feed.xml')).toThrow(message);
  });
});

describe('symbols of a headline', () => {
  const aliases = parseAliases('AAPL=Apple|iPhone,F=Ford,BTC/USD=bitcoin,ALL');

  it.each([
    ['Apple gains', ['AAPL']],
    ['An apple a day', []],
    ['New iPhones sell', []],
    ['iPhone maker gains', ['AAPL']],
    ['Buy $F now', ['F']],
    ['Buy $FB now', []],
    ['F is a letter', []],
    ['Carmaker (NYSE: F) gains', ['F']],
    ['Bitcoin and BTC', ['BTC/USD']],
    ['All is well', []],
    ['ALL is an insurer; $AAPL is not', ['AAPL', 'ALL']],
  ])('%j is about %j', (headline, symbols) => {
    expect(symbolsIn(headline, aliases)).toEqual(symbols);
  });

  it('refuses a list without symbols', () => {
    expect(() => parseAliases('=Apple')).toThrow('names no symbols');
  });
});

describe('headlines in the store', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(scratchDirectory());
  });
  afterEach(() => store.close());

  const TS = Date.UTC(2024, 2, 1);
  const headline = (id: string, title: string, ts = TS) => ({
    ...{ id, headline: title, source: 'Wire', summary: '', url: '' },
    ...{ symbols: ['AAPL'], publishedTs: ts, availableTs: ts },
  });
  const titles = async () => (await store.read('news', { venue: 'rss', symbol: 'AAPL' })).headline;

  it('are there once, by id, and without one by title and source within a day', async () => {
    const first = await storeHeadlines(store, 'rss', [
      headline('1', 'Apple gains'),
      headline('1', 'Apple gains', TS + 3 * DAY),
      headline('', 'APPLE: gains!', TS + HOUR),
      headline('', 'Apple gains', TS + 5 * DAY),
    ]);
    expect(first.rows).toBe(2);
    expect(await titles()).toEqual(['Apple gains', 'Apple gains']);
    const again = await storeHeadlines(store, 'rss', [headline('1', 'Apple gains', TS + HOUR)]);
    expect(again).toEqual({ rows: 0, written: 0 });
  });

  it('are there again when their title was changed', async () => {
    await storeHeadlines(store, 'rss', [headline('1', 'Apple gains')]);
    await storeHeadlines(store, 'rss', [headline('1', 'Apple gains 3%', TS + HOUR)]);
    expect(await titles()).toEqual(['Apple gains', 'Apple gains 3%']);
  });

  it('take any scorer', async () => {
    await storeHeadlines(store, 'rss', [headline('1', 'Apple')], () => [0.25]);
    const { sentiment } = await store.read('news', { venue: 'rss', symbol: 'AAPL' });
    expect([...sentiment]).toEqual([0.25]);
  });
});

describe('stored headlines', () => {
  const symbol = { venue: 'rss', symbol: 'AAPL' };
  let store: Store;
  beforeEach(async () => {
    store = await openStore(scratchDirectory());
  });
  afterEach(() => store.close());

  it('are scored anew by any scorer, over years, and nothing else of them changes', async () => {
    const headlines = Array.from({ length: 700 }, (_, i) => ({
      ...{ id: String(i), headline: 'x'.repeat(i % 7), source: 'Wire', summary: '', url: '' },
      ...{ symbols: ['AAPL'], publishedTs: Number.NaN, availableTs: Date.UTC(2023, 0) + i * DAY },
    }));
    await storeHeadlines(store, 'rss', headlines);
    const { sentiment: _, ...before } = await store.read('news', symbol);
    const byLength = oneByOne((headline) => headline.length / 10);
    expect(await rescoreNews(store, symbol, byLength)).toEqual({ rows: 700, changed: 600 });
    const { sentiment, ...after } = await store.read('news', symbol);
    expect([...sentiment]).toEqual(after.headline.map(({ length }) => length / 10));
    expect(after).toEqual(before);
    expect(await rescoreNews(store, symbol, byLength)).toEqual({ rows: 700, changed: 0 });
  });

  it('are scored a year at a time, so that one that is stopped leaves whole years', async () => {
    const at = (year: number) => ({
      ...{ id: String(year), headline: 'Apple', source: '', summary: '', url: '' },
      ...{ symbols: ['AAPL'], publishedTs: Number.NaN, availableTs: Date.UTC(year, 5) },
    });
    await storeHeadlines(store, 'rss', [at(2021), at(2022), at(2023)]);
    const stop = new AbortController();
    let scored = 0;
    const half = oneByOne(() => {
      if (++scored === 2) stop.abort();
      return 0.5;
    });
    await rescoreNews(store, symbol, half, { signal: stop.signal });
    expect([...(await store.read('news', symbol)).sentiment]).toEqual([0.5, 0.5, 0]);
  });

  it('are not scored by who gives fewer scores than there are headlines', async () => {
    const wanted = /the scorer gave 1 scores for 2 headlines; give one for each/;
    const headlines = ['Apple', 'Pear'].map((headline, i) => ({
      ...{ id: String(i), headline, source: '', summary: '', url: '' },
      ...{ symbols: ['AAPL'], publishedTs: Number.NaN, availableTs: Date.UTC(2023, 0, 1 + i) },
    }));
    await expect(storeHeadlines(store, 'rss', headlines, () => [1])).rejects.toThrow(wanted);
    await storeHeadlines(store, 'rss', headlines);
    const before = await store.read('news', symbol);
    await expect(rescoreNews(store, symbol, () => [1])).rejects.toThrow(wanted);
    expect(await store.read('news', symbol)).toEqual(before);
  });

  it('that are none are named', async () => {
    await expect(
      rescoreNews(
        store,
        symbol,
        oneByOne(() => 0),
      ),
    ).rejects.toThrow('no news of AAPL on rss');
  });
});

describe('headlines in JSON', () => {
  it('are found under common names', () => {
    const fields = {
      title: 'Apple gains',
      date: '2020-06-05 10:30:54-04:00',
      stock: 'AAPL',
      link: 'u',
    };
    expect(jsonHeadline(fields, [], 'line 1')).toMatchObject({
      headline: 'Apple gains',
      availableTs: Date.UTC(2020, 5, 5, 14, 30, 54),
      symbols: ['AAPL'],
      id: 'u',
    });
  });

  it.each([
    ['2024-03-01', Date.UTC(2024, 2, 2)],
    ['2024-03-01 00:00:00', Date.UTC(2024, 2, 2)],
    ['2024-03-01T00:00:00Z', Date.UTC(2024, 2, 1)],
    ['2024-03-01 00:00:01', Date.UTC(2024, 2, 1, 0, 0, 1)],
  ])('of %j are known no sooner than they were', (date, availableTs) => {
    const publishedTs = Date.parse(`${date.slice(0, 10)}T${date.slice(11, 19) || '00:00:00'}Z`);
    expect(jsonHeadline({ title: 'Apple gains', date }, [], 'line 1')).toMatchObject({
      availableTs,
      publishedTs,
    });
  });

  it('name the line and the field that is missing', () => {
    expect(() => jsonHeadline({ title: 'x' }, [], 'n.jsonl line 7')).toThrow(
      'n.jsonl line 7 has no moment, found ""; expected headline or title, and created_at or date',
    );
  });
});

describe('a feed on the network', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let store: Store;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`;
  const signal = new AbortController().signal;
  const get = (deadline = 5000) => fetchText(url(), { signal, firstDelay: 1, deadline });

  beforeEach(async () => {
    server = createServer((_, response) => answer(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    store = await openStore(scratchDirectory());
  });
  afterEach(async () => {
    store.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const pulled = (symbols?: string) => {
    const notes: string[] = [];
    const request = {
      source: 'rss',
      symbol: url(),
      kind: 'news',
      timeframe: '',
      from: 0,
      to: 1,
    } as const;
    const hooks = { signal, onNote: (note: string) => notes.push(note) };
    return pullFromFeed(store, { ...request, symbols }, hooks).then(({ rows }) => ({
      rows,
      notes,
    }));
  };

  it('is stored by symbol, once', async () => {
    answer = (response) => response.end(RSS);
    expect(await pulled('AAPL=Apple,MSFT')).toEqual({
      rows: 2,
      notes: ['1 of 3 entries name no symbol'],
    });
    expect((await pulled('AAPL=Apple,MSFT')).rows).toBe(0);
    const { availableTs, source } = await store.read('news', { venue: 'rss', symbol: 'MSFT' });
    expect([...availableTs]).toEqual([Date.UTC(2024, 2, 1, 11)]);
    expect(source).toEqual(['Wire']);
  });

  it('is all about the only symbol that has no other names', async () => {
    answer = (response) => response.end(RSS);
    expect(await pulled('SPY')).toEqual({ rows: 3, notes: [] });
  });

  it('asks for symbols', async () => {
    await expect(pulled()).rejects.toThrow('give --symbols AAPL');
  });

  it('is asked again after 429, 5xx and a break, and not after 404', async () => {
    const faults: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(429, { 'retry-after': '0' }).end(),
      (response) => response.writeHead(503).end(),
      (response) => response.socket?.destroy(),
      (response) => response.end(RSS),
    ];
    answer = (response) => faults.shift()!(response);
    expect(await get()).toBe(RSS);
    answer = (response) => response.writeHead(404).end();
    await expect(get()).rejects.toThrow('the server answers 404');
  });

  it('is given up when it is larger than 10 MB', async () => {
    const block = Buffer.alloc(1 << 20, 32);
    answer = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', more);
      more();
    };
    await expect(get()).rejects.toThrow('is larger than 10 MB');
  });

  it('is read in the encoding it declares', async () => {
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><rss>Zürich</rss>';
    answer = (response) => response.end(Buffer.from(text, 'latin1'));
    expect(await get()).toBe(text);
  });

  it('is an http or https address and nothing else', async () => {
    await expect(fetchText('file:///etc/hosts', { signal })).rejects.toThrow(
      'begins with https://',
    );
  });
});
