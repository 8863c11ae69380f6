import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineInstrument, openStore } from '@streamscalp/lib';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { rowsFrom } from '@streamscalp/lib/sources/pull-rows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteWalk } from '../support/markets.ts';
import { lab, live } from './lab.ts';

const START = Date.UTC(2024, 0, 1);
const HOURS = 24 * 100;
const perp = defineInstrument({ symbol: 'BTC/USDT:USDT', venue: 'test', quote: 'USDT' });
const share = defineInstrument({ symbol: 'AA', venue: 'test' });

function stretched(seed: number, rows: number, length: number, scale: number): BarColumns {
  const { open, high, low, close, volume } = minuteWalk(seed, rows);
  const price = (column: Float64Array) => column.map((x) => x * scale);
  return {
    openTs: open.map((_, i) => START + i * length),
    closeTs: open.map((_, i) => START + (i + 1) * length),
    ...{ open: price(open), high: price(high), low: price(low), close: price(close), volume },
  };
}

/** Payments every eight hours; every third one is without a mark price. */
const payments = Array.from({ length: HOURS / 8 + 1 }, (_, i) => ({
  availableTs: START + i * 8 * HOUR + 17,
  rate: 0.0001 * Math.sin(i),
  markPrice: i % 3 === 0 ? Number.NaN : 100,
  intervalHours: 8,
}));

let folder: string;
let store: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-account-'));
  store = join(folder, 'store');
  const history = await openStore(store);
  await history.importBars(perp, '1h', stretched(5, HOURS, HOUR, 1));
  await history.append('funding', perp, rowsFrom('funding', payments));
  const holed = { ...perp, symbol: 'ETH/USDT:USDT' };
  await history.importBars(holed, '1h', stretched(6, HOURS, HOUR, 1));
  await history.append('funding', holed, rowsFrom('funding', payments.toSpliced(50, 2)));
  // Raw prices: two for one on the fortieth day, and a dividend on the sixtieth.
  const daily = stretched(7, 100, DAY, 1);
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    daily[name].forEach((x, i) => {
      if (i >= 40) daily[name][i] = x / 2;
    });
  }
  await history.importBars(share, '1d', daily);
  const paid = { payTs: Number.NaN, currency: 'USD' };
  const split = { ...paid, exTs: START + 40 * DAY, type: 'split', ratio: 2, cash: 0 };
  const dividend = { ...paid, exTs: START + 60 * DAY, type: 'dividend', ratio: 1, cash: 0.75 };
  await history.append(
    'actions',
    share,
    rowsFrom('actions', [
      { ...split, availableTs: START },
      { ...dividend, availableTs: START + DAY },
    ]),
  );
  history.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const btc = ['--symbol', 'BTC/USDT:USDT', '--venue', 'test', '--timeframe', '1h'];
const aa = ['--symbol', 'AA', '--venue', 'test', '--costs', 'free', '--cash', '10000'];

async function printed(...words: readonly string[]) {
  const { status, stdout, stderr } = await lab(store, 'backtest', ...words, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('what happens to the account of a command beside its fills', () => {
  it('--funding pays what is stored, on what is held, and an accountant agrees', async () => {
    const words = ['buy-and-hold', ...btc, '--costs', 'binanceUsdm', '--param', 'fraction=0.5'];
    const run = await printed(...words, '--funding', '--margin', 'cross', '--leverage', '2');
    expect(run.margin).toMatchObject({ mode: 'cross', leverage: 2 });
    expect(run.fills.length).toBe(1);
    const [{ ts, qty }] = run.fills;
    const bars = stretched(5, HOURS, HOUR, 1);
    const due = payments.filter(({ availableTs }) => availableTs > ts);
    const last = (at: number) =>
      bars.close[bars.closeTs.findLastIndex((closeTs) => closeTs <= at)]!;
    const paid = due.reduce((sum, { availableTs, rate, markPrice }) => {
      if (availableTs > bars.closeTs.at(-1)!) return sum;
      return sum - qty * rate * (Number.isNaN(markPrice) ? last(availableTs) : markPrice);
    }, 0);
    expect(run.flows.funding).toBeCloseTo(paid, 6);
    expect(run.flows.funding).not.toBe(0);
    const without = await printed(...words);
    expect(without.flows.funding).toBe(0);
  });

  it('--actions splits and pays what is held over raw bars; without it the split is a loss', async () => {
    const run = await printed('buy-and-hold', ...aa, '--actions');
    const [{ qty }] = run.fills;
    expect(run.flows.dividend).toBeCloseTo(2 * qty * 0.75, 9);
    const daily = stretched(7, 100, DAY, 1);
    const [{ price }] = run.fills;
    const end = 10_000 - qty * price + 2 * qty * 0.75 + (2 * qty * daily.close[99]!) / 2;
    expect(run.equity.value.at(-1)).toBeCloseTo(end, 6);
    const naive = await printed('buy-and-hold', ...aa);
    expect(naive.equity.value.at(-1)).toBeLessThan(0.6 * end);
  });

  it('is named in a passport, and paper trading is given it', async () => {
    const file = join(folder, 'held.json');
    const words = [...btc, '--costs', 'binanceUsdm', '--funding', '--margin', 'isolated'];
    const wanted = [...words, '--param', 'fast=5', '--param', 'slow=20'];
    const space = ['--space', 'fast=5,8', '--space', 'slow=20', '--folds', '1', '--out', file];
    const sealed = await lab(store, 'promote', 'sma-cross', ...wanted, ...space, '--json');
    expect(sealed.status, sealed.stderr).toBe(0);
    const { passport } = JSON.parse(sealed.stdout);
    expect(passport.data.series.map(({ role }: { role: string }) => role)).toEqual([
      'bars',
      'funding',
    ]);
    const run = await printed('sma-cross', ...wanted);
    const paper = ['paper', '--passport', file, '--replay', '--json'];
    const traded = await live(store, ...paper, '--ledger', join(folder, 'held.sqlite'));
    expect(traded.status, traded.stderr).toBe(0);
    expect(JSON.parse(traded.stdout).equity).toBe(run.equity.value.at(-1));
    expect(run.flows.funding).not.toBe(0);

    const history = await openStore(store);
    const rows = await history.read('funding', perp);
    const rate = rows.rate.map((each, i) => (i === 9 ? each + 1e-12 : each));
    await history.append('funding', perp, { ...rows, rate });
    history.close();
    const refused = await live(store, ...paper, '--ledger', join(folder, 'other.sqlite'));
    expect(refused.stderr).toMatch(/funding of BTC\/USDT:USDT on test from .* are not those/);
    expect(refused.status).toBe(4);
  });

  const eth = [...btc.with(1, 'ETH/USDT:USDT'), '--costs', 'binanceUsdm'];
  it('fills a hole in funding only by a bound that was stated', async () => {
    const bound = ['--funding', '--funding-bound', '0.0075'];
    const run = await printed('buy-and-hold', ...eth, ...bound);
    expect(run.flows.funding).toBeLessThan(0);
  });

  it.each([
    [['--funding', ...eth], /funding of ETH\/USDT:USDT misses 2 payments/, 3],
    [['--funding', ...aa], /no funding of AA on test; nearest are/, 3],
    [['--funding-bound', '0.01', ...aa], /--funding-bound is for payments that --funding lacks/, 2],
    [['--margin', 'cross', ...aa], /knows the brackets of BTCUSDT, .* and not of AA/, 2],
    [['--borrow', '99', ...aa], /borrow.annualRate is 99; expected a fraction/, 2],
    [['--margin', 'some', ...aa], /Allowed choices are isolated, cross/, 2],
  ])('refuses %j', async (words, said, exit) => {
    const { status, stderr } = await lab(store, 'backtest', 'buy-and-hold', ...words);
    expect(stderr).toMatch(said);
    expect(status).toBe(exit);
  });

  it('reads nothing of the store for the bars of a file', async () => {
    const file = join(folder, 'bars.csv');
    writeFileSync(
      file,
      'date,open,high,low,close,volume\n2024-01-01,1,1,1,1,1\n2024-01-02,1,1,1,1,1\n',
    );
    const words = ['--bars', file, '--costs', 'free', '--actions'];
    const { status, stderr } = await lab(store, 'backtest', 'buy-and-hold', ...words);
    expect(stderr).toMatch(/--funding and --actions are of the store, and --bars .* is a file/);
    expect(status).toBe(2);
  });
});
