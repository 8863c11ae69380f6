import {
  type BookContext,
  backtestBook,
  bookFeed,
  costs,
  defineBookStrategy,
  defineInstrument,
  latencies,
  queues,
  syntheticDepth,
  z,
} from '@streamscalp/lib';
import { Random } from '@streamscalp/lib/core/random';
import {
  BUY,
  DEPTH,
  type DepthColumns,
  EXCH,
  GAP,
  KIND,
  LOCAL,
  SNAPSHOT,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { type RowOf, rowsFrom } from '@streamscalp/lib/sources/pull-rows';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { openTrials } from '@streamscalp/lib/store/trials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';

const T = Date.UTC(2024, 2, 1, 23, 59, 59);
const EMPTIED = { event: 0, side: 0, price: Number.NaN, qty: Number.NaN };

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

const named = (symbol: string) =>
  defineInstrument({ symbol, venue: 'hand', tickSize: 0.01, lotSize: 0.01, synthetic: true });

type Level = readonly [at: number, seq: number, side: 0 | 1 | -1, price?: number, qty?: number];
type Print = readonly [at: number, price: number, aggressor: 1 | -1 | 0];

/** Records levels (side 0 empties the book) and prints, each in parts of two rows. */
async function recorded(symbol: string, levels: readonly Level[], prints: readonly Print[]) {
  const instrument = named(symbol);
  const book = levels.map(([at, seq, side, price = 0, qty = 1]): RowOf<'book'> => {
    const stamp = { ts: T + at, eventTs: T + at, seq };
    return side === 0 ? { ...stamp, ...EMPTIED } : { ...stamp, event: 1, side, price, qty };
  });
  const trades = prints.map(
    ([at, price, aggressor], id): RowOf<'trades'> => ({
      ...{ ts: T + at, eventTs: T + at, id, price, qty: 1, aggressor },
    }),
  );
  for (let i = 0; i < book.length; i += 2) {
    await store.record('book', instrument, rowsFrom('book', book.slice(i, i + 2)));
  }
  for (let i = 0; i < trades.length; i += 2) {
    await store.record('trades', instrument, rowsFrom('trades', trades.slice(i, i + 2)));
  }
  return instrument;
}

const KINDS = { [DEPTH]: 'level', [TRADE]: 'print', [SNAPSHOT]: 'snapshot', [GAP]: 'gap' };

/** `12 level 9900 bid`, of all rows; milliseconds from the start. */
async function listed(symbol: string, range = {}): Promise<string[]> {
  const feed = await bookFeed(store, { venue: 'hand', symbol, ...range });
  const rows: string[] = [];
  for await (const { ev, localTs, tick } of feed.chunks()) {
    ev.forEach((flags, i) => {
      expect(flags & (EXCH | LOCAL)).toBe(EXCH | LOCAL);
      const kind = KINDS[(flags & KIND) as keyof typeof KINDS];
      const at = `${Math.round((localTs[i]! - T) * 1000) / 1000} ${kind}`;
      rows.push(tick[i] === 0 ? at : `${at} ${tick[i]} ${(flags & BUY) !== 0 ? 'bid' : 'ask'}`);
    });
  }
  return rows;
}

describe('the book of the store as a feed', () => {
  it('has levels before prints of one moment, across parts and days', async () => {
    await recorded(
      'TIES',
      [
        [0, 1, 0],
        [0, 1, 1, 99],
        [0, 1, -1, 101],
        [5, 2, 1, 99.01],
        [999, 3, -1, 100.99],
        [1001, 4, -1, 100.98],
      ],
      [
        [0, 101, 1],
        [4, 99, -1],
        [5, 101, 1],
        [1000, 101, 1],
      ],
    );
    expect(await listed('TIES')).toEqual([
      ...['0 snapshot', '0 level 10100 ask', '0 level 9900 bid', '0 print 10100 bid'],
      ...['4 print 9900 ask', '5 level 9901 bid', '5 print 10100 bid'],
      ...['999 level 10099 ask', '1000 print 10100 bid', '1001 level 10098 ask'],
    ]);
  });

  it('takes what empties the book for lost updates where no level of the same update follows', async () => {
    await recorded(
      'LOST',
      [
        [0, 7, 0],
        [0, 7, 1, 99],
        [0, 7, -1, 101],
        // As the recorder marks it, just behind the last good moment.
        [0.001, 7, 0],
        [50, 9, 0],
        [50, 9, 1, 98],
        [50, 9, -1, 102],
        // Two updates that share a moment are two.
        [60, 10, 0],
        [60, 11, 1, 98],
        [70, 12, 0],
      ],
      [
        [20, 99, -1],
        [80, 98, -1],
      ],
    );
    expect(await listed('LOST')).toEqual([
      ...['0 snapshot', '0 level 10100 ask', '0 level 9900 bid', '0.001 gap', '20 print 9900 ask'],
      ...['50 snapshot', '50 level 10200 ask', '50 level 9800 bid'],
      ...['60 gap', '60 level 9800 bid', '70 gap', '80 print 9800 ask'],
    ]);
  });

  it('leaves out prints of which nobody knows who took', async () => {
    const levels: Level[] = [
      [0, 1, 0],
      [0, 1, 1, 99],
    ];
    await recorded('WHO', levels, [
      [1, 99, 0],
      [2, 99, -1],
    ]);
    expect((await listed('WHO')).slice(2)).toEqual(['2 print 9900 ask']);
  });

  it('refuses a price between two ticks, a range without a snapshot, and half a recording', async () => {
    const levels: Level[] = [
      [0, 1, 0],
      [0, 1, 1, 99.005],
    ];
    await recorded('HALF', levels, [[2, 99, -1]]);
    await expect(listed('HALF')).rejects.toThrow(/price of 99.005 at 2024-03-01T23:59:59.*0.01/);
    expect((await listed('HALF', { tickSize: 0.005 })).length).toBe(3);
    await expect(listed('HALF', { tickSize: 0.005, from: T + 1 })).rejects.toThrow(
      /book of HALF on hand from 2024-03-01T23:59:59.001Z has no snapshot/,
    );
    await store.append('book', named('SILENT'), await store.read('book', named('HALF')));
    await expect(listed('SILENT')).rejects.toThrow(/no trades of SILENT on hand; nearest are/);
    await expect(listed('NONE')).rejects.toThrow(/no data of NONE on hand/);
  });
});

/** What a store keeps of depth rows. */
async function stored(symbol: string, depth: DepthColumns) {
  const instrument = named(symbol);
  const book: RowOf<'book'>[] = [];
  const trades: RowOf<'trades'>[] = [];
  let [seq, last] = [0, 0];
  depth.ev.forEach((flags, i) => {
    if ((flags & LOCAL) === 0) return;
    const [ts, eventTs, qty] = [depth.localTs[i]!, depth.exchTs[i]!, depth.qty[i]!];
    const price = depth.tick[i]! / 100;
    const side = (flags & BUY) !== 0 ? 1 : -1;
    const kind = flags & KIND;
    if (kind === TRADE) trades.push({ ts, eventTs, id: i, price, qty, aggressor: side });
    else {
      // The levels of a snapshot are one update, others one each.
      if (last !== eventTs || kind === SNAPSHOT) seq++;
      last = eventTs;
      if (kind === SNAPSHOT) book.push({ ts: depth.localTs[i + 24]!, eventTs, seq, ...EMPTIED });
      else
        book.push({
          ts: i <= 24 ? depth.localTs[24]! : ts,
          eventTs,
          seq,
          event: 1,
          side,
          price,
          qty,
        });
    }
  });
  await store.append('book', instrument, rowsFrom('book', book));
  await store.append('trades', instrument, rowsFrom('trades', trades));
  return instrument;
}

const quoter = defineBookStrategy({
  name: 'stored-quoter',
  params: z.object({}),
  create: () => ({
    every: 250,
    onTimer(ctx: BookContext) {
      ctx.cancelAll();
      if (!(ctx.book.spread > 0)) return;
      if (ctx.position < 5) ctx.buy(1, { limit: ctx.book.bestBid, postOnly: true });
      if (ctx.position > -5) ctx.sell(1, { limit: ctx.book.bestAsk, postOnly: true });
    },
  }),
});

const options = {
  strategy: quoter,
  costs: costs.free,
  latency: { order: latencies.constant(5), response: latencies.constant(5) },
  queue: queues.square,
};

describe('a run over the book of the store', () => {
  const depth = syntheticDepth({ seed: 3, startTs: T, millis: 120_000 });

  it('knows nothing of what comes later: with another future it fills and stands the same until then', async () => {
    const instrument = await stored('HONEST', depth);
    const honest = await backtestBook({ ...options, feed: await bookFeed(store, instrument) });
    expect(honest.fills.length).toBeGreaterThan(50);
    const random = new Random(5);
    for (const share of [0.3, 0.6, 0.9]) {
      const now = T + share * 120_000;
      const later = (i: number) => depth.localTs[i]! > now && depth.exchTs[i]! > now;
      const scrambled = {
        ...depth,
        qty: depth.qty.map((qty, i) => (later(i) ? (1 + random.integer(900)) / 100 : qty)),
        tick: depth.tick.map((tick, i) => (later(i) ? tick + random.integer(7) - 3 : tick)),
      };
      const other = await stored(`OTHER ${share}`, scrambled);
      const seen = await backtestBook({ ...options, feed: await bookFeed(store, other) });
      const known = ({ fills }: typeof seen) => fills.filter(({ ts }) => ts <= now);
      const stood = ({ curve: { ts, equity } }: typeof seen) =>
        [...equity].filter((_, i) => ts[i]! <= now);
      expect(known(seen)).toEqual(known(honest));
      expect(stood(seen)).toEqual(stood(honest));
      expect(seen.equity).not.toBe(honest.equity);
      expect(seen.dataHash).not.toBe(honest.dataHash);
    }
  });

  it('appears in the trial ledger with the hash of its rows, done or aborted', async () => {
    const feed = await bookFeed(store, await stored('LEDGER', depth));
    const done = await backtestBook({ ...options, feed });
    const abort = new AbortController();
    const twice = {
      ...feed,
      async *chunks() {
        yield* feed.chunks();
        yield depth;
      },
    };
    const stopped = backtestBook({
      ...options,
      feed: twice,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(stopped).rejects.toThrow(/interrupted/);
    const { trials } = openTrials().list();
    const mine = trials.filter(({ family }) => family === 'stored-quoter').slice(-2);
    expect(mine.map(({ status }) => status)).toEqual(['done', 'aborted']);
    expect(mine[0]!.id).toBe(done.trialId);
    expect(mine[0]!.result).toMatchObject({ dataHash: done.dataHash, rows: done.rows });
  });

  it('refuses rows that reach us before they happened, and takes a latency instead', async () => {
    const early = { ...depth, localTs: depth.localTs.map((ts) => ts - 60) };
    const feed = await bookFeed(store, await stored('EARLY', early));
    await expect(backtestBook({ ...options, feed })).rejects.toThrow(/give latency.feed/);
    const latency = { ...options.latency, feed: latencies.constant(10) };
    expect((await backtestBook({ ...options, latency, feed })).fills.length).toBeGreaterThan(50);
  });
});
