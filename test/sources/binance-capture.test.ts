import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { OrderBook, readBinanceCapture } from '@streamscalp/lib';
import { lowerBound } from '@streamscalp/lib/core/binary-search';
import { BookSync, type UpdateIds } from '@streamscalp/lib/market/book-sync';
import {
  BUY,
  DEPTH,
  type DepthColumns,
  GAP,
  KIND,
  LOCAL,
  SNAPSHOT,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { afterAll, describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Times in milliseconds; the file has nanoseconds. */
function capture(frames: readonly (readonly [localTs: number, message: unknown])[]): string {
  const path = join(folder, 'frames.txt');
  const lines = frames.map(([ts, message]) => `${ts}000000 ${JSON.stringify(message)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const T = 1_700_000_000_000;
type Levels = readonly (readonly [price: string, qty: string])[];
const update = (at: number, U: number, u: number, pu: number, b: Levels, a: Levels = []) => ({
  stream: 'x@depth@0ms',
  data: { e: 'depthUpdate', E: T + at + 1, T: T + at, U, u, pu, b, a },
});
const snapshot = (at: number, lastUpdateId: number, bids: Levels, asks: Levels) => ({
  lastUpdateId,
  E: T + at + 1,
  T: T + at,
  bids,
  asks,
});
const trade = (at: number, p: string, q: string, m: boolean, X = 'MARKET') => ({
  stream: 'x@trade',
  data: { e: 'trade', E: T + at, T: T + at, p, q, m, X },
});

/** `D b 1001 2.5` and so on, as we saw them. */
function seen({ ev, tick, qty }: DepthColumns): string[] {
  return Array.from(ev, (flags, row) => {
    const kind = ['D', 'T', 'S', 'G'][flags & KIND]!;
    const side = (flags & BUY) !== 0 ? 'b' : 's';
    return kind === 'S' || kind === 'G' ? kind : `${kind} ${side} ${tick[row]} ${qty[row]}`;
  }).filter((_, row) => (ev[row]! & LOCAL) !== 0);
}

describe('a capture of Binance frames', () => {
  it('begins with the snapshot, and the held update that bridges it comes after', async () => {
    const path = capture([
      [T + 5, update(1, 90, 99, 89, [['100.0', '1']])],
      [T + 6, trade(2, '100.1', '3', false)],
      [T + 8, update(4, 100, 110, 99, [['100.0', '2']], [['100.1', '0']])],
      [T + 9, snapshot(3, 105, [['100.0', '1.5']], [['100.1', '4']])],
      [T + 9, { stream: 'x@bookTicker', data: { e: 'bookTicker', b: '100.0' } }],
      [T + 11, trade(7, '100.0', '0.5', true)],
      [T + 12, trade(8, '100.0', '9', true, 'INSURANCE_FUND')],
      [T + 13, update(9, 111, 115, 110, [['99.9', '7']])],
    ]);
    const found = await readBinanceCapture(path, { market: 'usdm', tickSize: 0.1 });
    expect(seen(found.columns)).toEqual([
      'S',
      'D b 1000 1.5',
      'D s 1001 4',
      'D b 1000 2',
      'D s 1001 0',
      'T s 1000 0.5',
      'D b 999 7',
    ]);
    expect(found).toMatchObject({ snapshots: 1, gaps: 0, dropped: 1, clockShift: 0 });
    // What was held happened when the venue says, but reached the book only with the snapshot.
    expect([...found.columns.exchTs.subarray(0, 5)]).toEqual([3, 3, 3, 4, 4].map((at) => T + at));
    expect([...found.columns.localTs.subarray(0, 5)]).toEqual([9, 9, 9, 9, 9].map((at) => T + at));
  });

  it('puts a gap where updates were lost, and begins anew with the next snapshot', async () => {
    const path = capture([
      [T + 5, snapshot(1, 10, [['1.0', '1']], [['1.2', '1']])],
      [T + 6, update(2, 10, 11, 9, [['1.0', '2']])],
      [T + 7, update(3, 15, 16, 14, [['1.0', '3']])],
      [T + 8, update(4, 17, 18, 16, [['1.0', '4']])],
      [T + 9, snapshot(5, 17, [['1.1', '8']], [['1.2', '8']])],
    ]);
    const found = await readBinanceCapture(path, { market: 'usdm', tickSize: 0.1 });
    expect(seen(found.columns)).toEqual([
      'S',
      'D b 10 1',
      'D s 12 1',
      'D b 10 2',
      'G',
      'S',
      'D b 11 8',
      'D s 12 8',
      'D b 10 4',
    ]);
    expect(found).toMatchObject({ snapshots: 2, gaps: 1 });
    expect([DEPTH, TRADE, SNAPSHOT, GAP].length).toBe(4);
  });

  it('moves a clock that runs behind, so that the fastest row took as long as said', async () => {
    const path = capture([
      [T - 95, snapshot(1, 10, [['1.0', '1']], [])],
      [T - 80, update(2, 11, 12, 10, [['1.0', '2']])],
    ]);
    const options = { market: 'usdm', tickSize: 0.1, fastest: 2 } as const;
    const { columns, clockShift } = await readBinanceCapture(path, options);
    expect(clockShift).toBe(98);
    expect([columns.localTs[0], columns.localTs.at(-1)]).toEqual([T + 3, T + 18]);
  });

  it.each([
    ['a line without a time', 'hello', /line 1 of .* is not a frame of a Binance capture: hello/],
    ['no snapshot', `${T}000000 {"data":{"e":"trade"}}`, /has no depth snapshot/],
  ])('refuses %s', async (_what, text, message) => {
    const path = join(folder, 'wrong.txt');
    writeFileSync(path, `${text}\n`);
    const reading = readBinanceCapture(path, { market: 'spot', tickSize: 0.1 });
    await expect(reading).rejects.toThrow(message);
  });
});

/** Best prices and quantities that the venue sent in a stream of their own, by update id. */
interface Ticker {
  readonly u: number;
  readonly b: string;
  readonly B: string;
  readonly a: string;
  readonly A: string;
}

interface Update extends UpdateIds {
  readonly b: Levels;
  readonly a: Levels;
}

interface RawFrame extends Ticker {
  readonly e?: string;
  readonly U: number;
  readonly pu?: number;
}

function framesOf(
  path: string,
): { data?: RawFrame; lastUpdateId: number; bids: Levels; asks: Levels }[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line.slice(20)));
}

describe.skipIf(!hasSharedData)('the recorded captures (needs ../shared/data)', () => {
  it.each([
    ['usdm', 0.1],
    ['spot', 0.01],
  ] as const)(
    '%s: after each update the book has the best prices and quantities of the venue’s own ticker',
    (market, tickSize) => {
      const frames = framesOf(sharedData(`ticks_l2/hftbacktest_${market}_btcusdt_20240808.gz`));
      const book = new OrderBook(tickSize);
      const sync = new BookSync<Update>(market);
      const tickers = frames.flatMap(({ data }) =>
        data && typeof data.B === 'string' ? [data] : [],
      );
      const ids = tickers.map(({ u }) => u);
      let compared = 0;
      let unequal = 0;
      const apply = ({ b, a, last }: Update) => {
        for (const [price, qty] of b) book.setBid(book.tickOf(Number(price)), Number(qty));
        for (const [price, qty] of a) book.setAsk(book.tickOf(Number(price)), Number(qty));
        const row = lowerBound(ids, last + 1) - 1;
        if (row < 0 || row === ids.length - 1) return;
        const ticker = tickers[row]!;
        const said = [ticker.b, ticker.B, ticker.a, ticker.A].map(Number);
        const built = [book.bestBid, book.bestBidQty, book.bestAsk, book.bestAskQty];
        compared++;
        if (said.some((number, i) => number !== built[i])) unequal++;
      };
      for (const { data, lastUpdateId, bids, asks } of frames) {
        if (lastUpdateId !== undefined) {
          const next = sync.onSnapshot(lastUpdateId)!;
          book.beginSnapshot();
          for (const [price, qty] of bids) book.setBid(book.tickOf(Number(price)), Number(qty));
          for (const [price, qty] of asks) book.setAsk(book.tickOf(Number(price)), Number(qty));
          next.forEach(apply);
        } else if (data?.e === 'depthUpdate') {
          const { U: first, u: last, pu: previous = Number.NaN, b, a } = data;
          const update = { first, last, previous, b, a } as unknown as Update;
          if (sync.onUpdate(update) === 'apply') apply(update);
        }
      }
      expect(sync.gaps).toBe(0);
      expect(compared).toBeGreaterThan(3000);
      expect(unequal).toBe(0);
    },
  );

  it('are read without a gap from one snapshot each', async () => {
    const path = sharedData('ticks_l2/hftbacktest_spot_btcusdt_20240808.gz');
    const found = await readBinanceCapture(path, { market: 'spot', tickSize: 0.01 });
    expect(found).toMatchObject({ gaps: 0, snapshots: 1, dropped: 2 });
  });
});
