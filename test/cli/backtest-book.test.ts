import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  backtestBook,
  bookFeed,
  costs,
  defineInstrument,
  latencies,
  openStore,
  queues,
  syntheticDepth,
} from '@streamscalp/lib';
import { MINUTE } from '@streamscalp/lib/core/time';
import { loadBookStrategy } from '@streamscalp/lib/loader/strategy-file';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeDepth } from '../support/stored-depth.ts';
import { lab, trialIds } from './lab.ts';

const START = Date.UTC(2024, 2, 1);
const instrument = defineInstrument({
  ...{ symbol: 'BOOK', venue: 'test', quote: 'USD', synthetic: true },
  ...{ tickSize: 0.01, lotSize: 0.01 },
});

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-book-'));
  vi.stubEnv('LAB_STORE', folder);
  const store = await openStore(folder);
  const depth = syntheticDepth({ seed: 3, startTs: START, millis: 20 * MINUTE, rate: 8 });
  await storeDepth(store, instrument, depth);
  store.close();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const stored = ['--symbol', 'BOOK', '--venue', 'test'];
const models = ['--queue', 'square', '--latency', '25', '--costs', 'binanceUsdm'];
const bookRun = (...words: readonly string[]) => lab(folder, 'backtest-book', ...words);

describe('lab backtest-book', () => {
  it('gives what the library does, and an accountant finds the same equity', async () => {
    const params = { qty: 0.1, away: 1, most: 3 };
    const given = Object.entries(params).flatMap((param) => ['--param', param.join('=')]);
    const ran = await bookRun('two-sided', ...stored, ...models, ...given, '--json');
    expect(ran.status, ran.stderr).toBe(0);
    const printed = JSON.parse(ran.stdout);
    const store = await openStore(folder);
    const result = await backtestBook({
      feed: await bookFeed(store, { symbol: 'BOOK', venue: 'test' }),
      strategy: await loadBookStrategy('two-sided'),
      latency: { order: latencies.constant(25), response: latencies.constant(25) },
      queue: queues.square,
      costs: costs.binanceUsdm,
      params,
    });
    store.close();
    expect(printed).toMatchObject({
      ...{ symbol: 'BOOK', venue: 'test', costs: 'binanceUsdm', cash: 100_000, params },
      ...{ rows: result.rows, dataHash: result.dataHash, codeHash: result.codeHash },
      ...{ equity: result.equity, counts: result.counts },
    });
    expect(printed.fills.length).toBeGreaterThan(20);
    expect(trialIds(folder)).toContain(printed.trialId);

    let [cash, held, made, traded, mostHeld] = [100_000, 0, 0, 0, 0];
    for (const { side, qty, price, fee, liquidity } of printed.fills) {
      const signed = side === 'buy' ? qty : -qty;
      cash -= signed * price + fee;
      held += signed;
      traded += qty * price;
      if (liquidity === 'maker') made += qty * price;
      mostHeld = Math.max(mostHeld, Math.abs(held));
    }
    expect(printed.position).toBeCloseTo(held, 9);
    const { figures, curve } = printed;
    expect(figures.traded).toBeCloseTo(traded, 6);
    expect(figures.makerShare).toBeCloseTo(made / traded, 12);
    expect(figures.mostHeld).toBeCloseTo(mostHeld, 12);
    expect(mostHeld).toBeLessThanOrEqual(3 * 0.1 + 1e-9);
    expect(figures.bpsOfTraded).toBeCloseTo((1e4 * (printed.equity - 100_000)) / traded, 9);
    expect(curve.position.at(-1)).toBeCloseTo(held, 9);
    // What is left is worth the mid, which lies within the walk of the prices.
    const mid = (printed.equity - cash) / held;
    if (held !== 0) expect(Math.abs(mid / printed.fills.at(-1).price - 1)).toBeLessThan(0.05);
  });

  it('prints a summary for people, and a range has fewer rows', async () => {
    const range = ['--from', '2024-03-01', '--to', '2024-03-01T00:05Z'];
    const ran = await bookRun('two-sided', ...stored, ...models, ...range);
    expect(ran.status, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('on BOOK (SYNTHETIC), 2024-03-01T00:00:00');
    expect(ran.stdout).toContain('to 2024-03-01T00:04:59');
    expect(ran.stdout).toContain('queue probability x^2, latency feed as recorded, order 25 ms');
    expect(ran.stdout).toMatch(/^as maker +100\.0%$/m);
  });

  it('takes latencies that are drawn and that were recorded', async () => {
    const file = join(folder, 'latency.csv');
    writeFileSync(file, `ts,millis\n${START},40\n${START + 10 * MINUTE},10\n`);
    const words = ['two-sided', ...stored, ...models, '--latency', `recorded:${file}`, '--json'];
    const drawn = ['--response-latency', 'lognormal:10:0.4:2', '--feed-latency', '3'];
    const { latency } = JSON.parse((await bookRun(...words, ...drawn)).stdout);
    expect(latency).toEqual({
      feed: { name: 'constant', millis: 3 },
      order: { name: 'recorded', samples: 2 },
      response: { name: 'lognormal', median: 10, sigma: 0.4, least: 2, seed: 2 },
    });
    writeFileSync(file, `ts,millis\n${START},fast\n`);
    const ran = await bookRun(...words.filter((word) => word !== '--json'));
    expect(ran.stderr).toMatch(/latency\.csv, line 2: "1709251200000,fast" is no sample/);
    expect(ran.status).toBe(3);
  });

  it.each([
    [[], /name the stored book with --symbol and --venue/, 2],
    [[...stored, '--costs', 'free', '--latency', '5'], /no --queue was given; say how/, 2],
    [[...stored, '--costs', 'free', '--queue', 'log'], /no --latency was given; say how/, 2],
    [[...stored, '--queue', 'log', '--latency', '5'], /no cost model was given/, 2],
    [[...stored, ...models, '--queue', 'fifo'], /--queue fifo is not a queue model/, 2],
    [[...stored, ...models, '--queue', 'power:0'], /power of a queue model is 0/, 2],
    [[...stored, ...models, '--latency', 'soon'], /--latency soon is not a latency/, 2],
    [[...stored, ...models, '--latency=-1'], /the latency is -1 ms/, 2],
    [[...stored, ...models, '--param', 'qty=0'], /qty is 0/, 2],
    [[...stored, ...models, '--tick', '0.03'], /no whole number of ticks of 0.03/, 3],
    [[...stored, ...models, '--from', '2030-01-01'], /has no snapshot/, 3],
    [['--symbol', 'BOOM', '--venue', 'test', ...models], /nearest are BOOK/, 3],
  ])('refuses %j', async (words, said, exit) => {
    const { status, stderr } = await bookRun('two-sided', ...words);
    expect(stderr).toMatch(said);
    expect(status).toBe(exit);
  });

  it('knows a strategy on a book from one on bars, and so does lab backtest', async () => {
    const bars = await bookRun('strategies/sma-cross.ts', ...stored, ...models);
    expect(bars.stderr).toMatch(/sma-cross\.ts has a strategy on bars/);
    expect(bars.status).toBe(3);
    const words = ['strategies/book/two-sided.ts', ...stored, '--costs', 'free'];
    const book = await lab(folder, 'backtest', ...words);
    expect(book.stderr).toMatch(/two-sided\.ts has a strategy on order books; run it with lab/);
    expect(book.status).toBe(3);
  });
});
