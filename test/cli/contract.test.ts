import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { lab, trialIds } from './lab.ts';

/*
 * The contract other programs rely on, read as such a program would: from the command's stdout, with a parser, an
 * accountant and a statistician of its own. Nothing here imports the library.
 */

const DAY = 86_400_000;
const finite = z.number();
const count = z.int().min(0);
const millis = z.int().min(Date.UTC(1999, 0)).max(Date.UTC(2030, 0));
const contract = z.object({
  strategy: z.literal('sma-cross'),
  params: z.object({ fast: z.literal(10), slow: z.literal(50) }),
  symbol: z.string(),
  timeframe: z.literal('1d'),
  bars: count,
  fromTs: millis,
  toTs: millis,
  cash: z.literal(100_000),
  costs: z.literal('alpacaUsEquity'),
  metrics: z.object({
    totalReturn: finite,
    cagr: finite,
    sharpe: finite,
    sharpeStdErr: finite,
    sortino: finite,
    maxDrawdown: z.number().min(0).max(1),
    volatility: z.number().min(0),
    exposure: z.number().min(0).max(1),
    trades: count,
    winRate: z.number().min(0).max(1),
    profitFactor: z.number().min(0),
  }),
  trades: z.array(
    z.strictObject({
      openTs: millis,
      closeTs: millis,
      side: z.enum(['long', 'short']),
      qty: z.number().positive(),
      entryPrice: z.number().positive(),
      exitPrice: z.number().positive(),
      pnl: finite,
      fees: finite,
    }),
  ),
  fills: z.array(
    z.strictObject({
      ts: millis,
      side: z.enum(['buy', 'sell']),
      qty: z.number().positive(),
      price: z.number().positive(),
      fee: finite,
      liquidity: z.enum(['maker', 'taker']),
    }),
  ),
  equity: z.strictObject({ ts: z.array(millis), value: z.array(z.number().positive()) }),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  trialId: z.string().min(1),
});
type Contract = z.infer<typeof contract>;

interface Row {
  readonly openTs: number;
  readonly closeTs: number;
  readonly text: string;
  readonly open: number;
  readonly close: number;
}

/** Daily bars of a plain CSV whose first column is an ISO date. */
function rowsOf(csv: string): Row[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((text) => {
      const [date = '', open, , , close] = text.split(',');
      const openTs = Date.parse(`${date}T00:00:00Z`);
      return { openTs, closeTs: openTs + DAY, text, open: Number(open), close: Number(close) };
    });
}

const vega = dirname(createRequire(import.meta.url).resolve('vega-datasets'));
const spx = readFileSync(join(vega, '..', 'data', 'sp500-2000.csv'), 'utf8');
const rows = rowsOf(spx);

let store: string;
const sma = ['backtest', 'sma-cross', '--timeframe', '1d', '--param', 'fast=10'].concat(
  ...[['--param', 'slow=50'], ['--costs', 'alpacaUsEquity'], ['--cash', '100000'], ['--json']],
);
const stored = [...sma, '--symbol', 'SPX', '--venue', 'sample'];

/** Runs the command, and holds it to one JSON object on stdout, at most a note on stderr, and a trial. */
async function run(...words: string[]): Promise<{ text: string; result: Contract }> {
  const { status, stdout, stderr } = await lab(store, ...words);
  expect(stderr).toMatch(/^(note: columns not used: .*\n)?$/);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  const result = contract.parse(JSON.parse(stdout));
  expect(trialIds(store).at(-1)).toBe(result.trialId);
  return { text: stdout, result };
}

let first: { text: string; result: Contract };
let trialsBefore: number;
beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'lab-contract-'));
  expect((await lab(store, 'data', 'sample')).status).toBe(0);
  first = await run(...stored);
  trialsBefore = trialIds(store).length;
});
afterAll(() => rmSync(store, { recursive: true, force: true }));

/** Equity at every close, from cash and fills alone. */
function rebuild({ cash, fills }: Contract, bars: readonly Row[]): number[] {
  let money = cash;
  let held = 0;
  let next = 0;
  return bars.map(({ closeTs, close }) => {
    for (; next < fills.length && fills[next]!.ts <= closeTs; next++) {
      const { side, qty, price, fee } = fills[next]!;
      const signed = side === 'buy' ? qty : -qty;
      money -= signed * price + fee;
      held += signed;
    }
    return money + held * close;
  });
}

function expectClose(actual: number, expected: number, tolerance = 1e-9): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

/** The strategy is all in or all out, so each pair of fills is a trade. */
function pair({ fills }: Contract): Contract['trades'] {
  return fills.flatMap((exit, i) => {
    const entry = fills[i - 1];
    if (i % 2 === 0 || !entry) return [];
    const fees = entry.fee + exit.fee;
    return [
      {
        openTs: entry.ts,
        closeTs: exit.ts,
        side: 'long' as const,
        qty: entry.qty,
        entryPrice: entry.price,
        exitPrice: exit.price,
        pnl: exit.qty * exit.price - entry.qty * entry.price - fees,
        fees,
      },
    ];
  });
}

describe('the contract of lab backtest --json', () => {
  it('has one equity point per bar at its close, and times in UTC milliseconds', () => {
    const { result } = first;
    expect(result.bars).toBe(rows.length);
    expect(result.equity.ts).toEqual(rows.map(({ closeTs }) => closeTs));
    expect(result.equity.value.length).toBe(rows.length);
    expect(result.fromTs).toBe(Date.UTC(2000, 0, 3));
    expect(result.toTs).toBe(Date.UTC(2020, 3, 18));
  });

  it('lets an outsider rebuild every equity point from cash, fills and closes', () => {
    const { result } = first;
    expect(result.fills.length).toBeGreaterThan(100);
    rebuild(result, rows).forEach((equity, i) => {
      expectClose(result.equity.value[i]!, equity);
    });
  });

  it('fills within a bar, at its open and one basis point', () => {
    for (const { ts, side, price, liquidity } of first.result.fills) {
      const bar = rows.find(({ openTs, closeTs }) => ts >= openTs && ts <= closeTs)!;
      expectClose(price, bar.open * (side === 'buy' ? 1.0001 : 0.9999), 1e-12);
      expect(liquidity).toBe('taker');
    }
  });

  it('reports the trades that its fills make', () => {
    const { result } = first;
    const trades = pair(result);
    expect(result.trades.length).toBe(trades.length);
    result.trades.forEach((trade, i) => {
      const { pnl, fees, entryPrice, exitPrice, ...rest } = trade;
      expect(rest).toEqual({
        openTs: trades[i]!.openTs,
        closeTs: trades[i]!.closeTs,
        side: 'long',
        qty: trades[i]!.qty,
      });
      expectClose(entryPrice, trades[i]!.entryPrice);
      expectClose(exitPrice, trades[i]!.exitPrice);
      expectClose(fees, trades[i]!.fees);
      // A difference of two notionals of 100,000: rounding is relative to them.
      expect(Math.abs(pnl - trades[i]!.pnl)).toBeLessThan(1e-9 * 100_000);
    });
  });

  it('reports the metrics that its equity and trades say', () => {
    const { metrics, equity, cash, trades, fills } = first.result;
    const { value, ts } = equity;
    const returns = value.slice(1).map((now, i) => now / value[i]! - 1);
    const n = returns.length;
    const mean = returns.reduce((sum, r) => sum + r, 0) / n;
    const sd = Math.sqrt(returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (n - 1));
    const downside = Math.sqrt(returns.reduce((sum, r) => sum + Math.min(r, 0) ** 2, 0) / n);
    const years = (ts.at(-1)! - ts[0]!) / (365.25 * DAY);
    let peak: number = cash;
    const depths = value.map((now) => {
      peak = Math.max(peak, now);
      return 1 - now / peak;
    });
    const held = ts.filter((at) => fills.filter((fill) => fill.ts <= at).length % 2 === 1);
    const wins = trades.filter(({ pnl }) => pnl > 0);
    const sum = (of: typeof trades) => of.reduce((total, { pnl }) => total + pnl, 0);

    expectClose(metrics.totalReturn, value.at(-1)! / cash - 1);
    expectClose(metrics.cagr, (value.at(-1)! / cash) ** (1 / years) - 1);
    expectClose(metrics.sharpe, (mean / sd) * Math.sqrt(252));
    expectClose(metrics.sortino, (mean / downside) * Math.sqrt(252));
    expectClose(metrics.volatility, sd * Math.sqrt(252));
    expectClose(metrics.maxDrawdown, Math.max(...depths));
    expectClose(metrics.exposure, held.length / ts.length);
    expect(metrics.trades).toBe(trades.length);
    expectClose(metrics.winRate, wins.length / trades.length);
    expectClose(metrics.profitFactor, sum(wins) / (sum(wins) - sum(trades)));
  });

  it('prints the same bytes twice but for trialId, and appends one trial a run', async () => {
    const again = await run(...stored);
    expect(again.result.trialId).not.toBe(first.result.trialId);
    expect(again.text.replace(again.result.trialId, first.result.trialId)).toBe(first.text);
    expect(trialIds(store).length).toBe(trialsBefore + 1);
  });

  it('writes a report that loads nothing from a network, and leaves no temporary file', async () => {
    const folder = join(store, 'reports', 'new');
    const { text } = await run(...stored, '--report', join(folder, 'spx.html'));
    expect(text.length).toBe(first.text.length);
    expect(readdirSync(folder)).toEqual(['spx.html']);
    const page = readFileSync(join(folder, 'spx.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain('sma-cross');
    expect(page).not.toMatch(
      /<(script|link|img|iframe|source|object|embed)\b[^>]*\b(src|href|data)=["']?(https?:)?\/\//i,
    );
    expect(page).not.toMatch(/url\(["']?https?:|@import/i);
  });
});

/** The SPX file as other programs write it. */
function rewritten(header: string, row: (fields: string[]) => string, lines = spx): string {
  const [, ...body] = lines.trim().split('\n');
  return [header, ...body.map((line) => row(line.split(',')))].join('\n');
}
const american = (date = '') => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');
const descending = [spx.split('\n')[0], ...spx.trim().split('\n').slice(1).reverse()].join('\n');

describe('lab backtest --bars', () => {
  it.each([
    ['as it is', spx],
    ['with a byte order mark and Windows line ends', `\uFEFF${spx.replaceAll('\n', '\r\n')}`],
    ['newest first', descending],
    [
      'with American dates and capital headers',
      rewritten('Date,Open,High,Low,Close,Volume', ([date, o, h, l, c, , v]) =>
        [american(date), o, h, l, c, v].join(','),
      ),
    ],
    [
      'with semicolons, other columns first, time in seconds and newest first',
      rewritten(
        'VOLUME;Close;LOW;high;open;Time',
        ([date, o, h, l, c, , v]) =>
          [v, c, l, h, o, Date.parse(`${date}T00:00:00Z`) / 1000].join(';'),
        descending,
      ),
    ],
  ])('gives the fills of the stored run: the same file %s', async (name, content) => {
    const file = join(store, `${name}.csv`);
    writeFileSync(file, content);
    const { result } = await run(...sma, '--bars', file);
    const { symbol, metrics, fills, equity, trades, bars } = first.result;
    expect(result).toMatchObject({ metrics, fills, equity, trades, bars });
    expect(result.symbol).toBe(name);
    expect(symbol).toBe('SPX');
  });

  it.skipIf(!hasSharedData)(
    'runs on a file of another program, and can be rebuilt (needs ../shared/data)',
    async () => {
      const file = sharedData('bars/backtestingpy_GOOG_1d.csv');
      const { result } = await run(...sma, '--bars', file);
      const bars = rowsOf(readFileSync(file, 'utf8'));
      expect(result.equity.ts).toEqual(bars.map(({ closeTs }) => closeTs));
      rebuild(result, bars).forEach((equity, i) => {
        expectClose(result.equity.value[i]!, equity);
      });
    },
  );
});
