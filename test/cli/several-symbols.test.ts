import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab } from './lab.ts';

/*
 * Several instruments in one run, read as another program would: with a parser and an accountant of its own. Nothing
 * here imports the library.
 */

const DAY = 86_400_000;
const FIRST = Date.UTC(2020, 0, 1);
const DAYS = 400;
/** Days on which a symbol has no bar, so that the calendars of the three are not the same. */
const MISSING: Readonly<Record<string, (day: number) => boolean>> = {
  AA: () => false,
  BB: (day) => day % 7 === 0,
  'C/USD': (day) => day < 60 || day > 350,
};
const SYMBOLS = Object.keys(MISSING);

/** Waves and jumps: enough for the strategies to trade, the same on every machine. */
function closesOf(symbol: string): ReadonlyMap<number, number> {
  const k = SYMBOLS.indexOf(symbol) + 1;
  const closes = new Map<number, number>();
  for (let day = 0; day < DAYS; day++) {
    const wave = Math.sin(day / (9 + 4 * k)) + 0.4 * Math.sin(day * k);
    if (!MISSING[symbol]!(day)) closes.set(day, 100 * k + 20 * wave + day / 20);
  }
  return closes;
}

function csvOf(symbol: string): string {
  const rows = [...closesOf(symbol)].map(([day, close]) => {
    const open = close * (1 + 0.01 * Math.sin(3 * day));
    const [high, low] = [Math.max(open, close) + 1, Math.min(open, close) - 1];
    const date = new Date(FIRST + day * DAY).toISOString().slice(0, 10);
    return [date, open, high, low, close, 1000].join(',');
  });
  return ['date,open,high,low,close,volume', ...rows].join('\n');
}

interface Printed {
  readonly symbols: readonly string[];
  readonly bars: number;
  readonly cash: number;
  readonly trades: readonly { readonly symbol: string; readonly pnl: number }[];
  readonly fills: readonly {
    readonly ts: number;
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly qty: number;
    readonly price: number;
    readonly fee: number;
  }[];
  readonly equity: { readonly ts: readonly number[]; readonly value: readonly number[] };
}

const store = mkdtempSync(join(tmpdir(), 'lab-several-'));
const series = ['--venue', 'test', '--timeframe', '1d'];
// Each symbol lacks days that the others have, on purpose.
const market = [...series, '--costs', '0.001+2', '--gaps', 'allow'];

beforeAll(async () => {
  for (const symbol of SYMBOLS) {
    const file = join(store, 'bars.csv');
    writeFileSync(file, csvOf(symbol));
    const words = ['data', 'import', file, '--symbol', symbol, ...series];
    const { status, stderr } = await lab(store, ...words);
    expect(status, stderr).toBe(0);
  }
}, 60_000);
afterAll(() => rmSync(store, { recursive: true }));

async function printed(...words: readonly string[]): Promise<Printed> {
  const { status, stdout, stderr } = await lab(store, 'backtest', ...words, ...market, '--json');
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as Printed;
}

/** Cash less what was bought, and what is held at the last close of each symbol. */
function rebuilt({ cash, fills, equity }: Printed): number[] {
  const closes = new Map(SYMBOLS.map((symbol) => [symbol, closesOf(symbol)]));
  const held = new Map<string, number>();
  const last = new Map<string, number>();
  let left = cash;
  let next = 0;
  return equity.ts.map((ts) => {
    for (; fills[next] !== undefined && fills[next]!.ts <= ts; next++) {
      const { symbol, side, qty, price, fee } = fills[next]!;
      const signed = side === 'buy' ? qty : -qty;
      left -= signed * price + fee;
      held.set(symbol, (held.get(symbol) ?? 0) + signed);
    }
    const day = ts / DAY - FIRST / DAY - 1;
    for (const [symbol, of] of closes) last.set(symbol, of.get(day) ?? last.get(symbol)!);
    return [...held].reduce((sum, [symbol, qty]) => sum + qty * last.get(symbol)!, left);
  });
}

describe('several symbols in one backtest', () => {
  it.each([
    ['a strategy of its own for each', ['sma-cross', '--param', 'fast=3', '--param', 'slow=9']],
    [
      'one strategy for all',
      ['cross-momentum', ...['lookback=20', 'every=5', 'top=2'].flatMap((p) => ['--param', p])],
    ],
  ])('%s: an outsider rebuilds every equity point', async (_what, words) => {
    const run = await printed(...words, '--symbol', 'AA,BB', '--symbol', 'C/USD');
    expect(run.symbols).toEqual(SYMBOLS);
    expect('symbol' in run).toBe(false);
    expect(run.bars).toBe(SYMBOLS.reduce((sum, symbol) => sum + closesOf(symbol).size, 0));
    expect(run.equity.ts).toEqual(
      Array.from({ length: DAYS }, (_, day) => FIRST + (day + 1) * DAY),
    );
    for (const symbol of SYMBOLS) {
      expect(run.fills.filter((fill) => fill.symbol === symbol).length).toBeGreaterThan(2);
      expect(run.trades.some((trade) => trade.symbol === symbol)).toBe(true);
    }
    rebuilt(run).forEach((value, i) => {
      expect(Math.abs(run.equity.value[i]! / value - 1)).toBeLessThan(1e-9);
    });
  });

  it('takes every symbol of a venue with --universe, and says what each brought', async () => {
    const report = join(store, 'report.html');
    const words = ['backtest', 'cross-momentum', '--universe', '--param', 'lookback=20'];
    const { status, stdout } = await lab(store, ...words, ...market, '--report', report);
    expect(status).toBe(0);
    for (const symbol of SYMBOLS) expect(stdout).toMatch(new RegExp(`^${symbol} +\\d+ `, 'm'));
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('<table id="symbols">');
    for (const symbol of SYMBOLS) expect(page).toContain(`<tr><td>${symbol}</td>`);
  });

  it('sweeps them as one account on all cores: a trial is what its backtest is', async () => {
    const space = ['lookback=20,40', 'every=5', 'top=1,2'].flatMap((each) => ['--space', each]);
    const words = ['sweep', 'cross-momentum', '--universe', ...space, ...market];
    const { status, stdout, stderr } = await lab(store, ...words, '--json');
    expect(status, stderr).toBe(0);
    const { symbols, trials } = JSON.parse(stdout);
    expect(symbols).toEqual(SYMBOLS);
    expect(trials.length).toBe(4);
    const [{ params, metrics }] = trials;
    const given = Object.entries(params).flatMap((param) => ['--param', param.join('=')]);
    const run = await printed('cross-momentum', ...given, '--universe');
    expect(run.equity.value.at(-1)! / run.cash - 1).toBe(metrics.totalReturn);
    expect(run.trades.length).toBe(metrics.trades);
  });

  it('validates them, and names them', async () => {
    const words = ['validate', 'sma-cross', '--symbol', 'AA,BB', '--folds', '2', ...market];
    const space = ['fast=3,5', 'slow=9,20'].flatMap((each) => ['--space', each]);
    const { status, stdout } = await lab(store, ...words, ...space);
    expect(status).toBe(0);
    expect(stdout).toContain('sma-cross on AA, BB 1d');
    expect(stdout).toMatch(/^verdict: edge/m);
  });

  it.each([
    [['backtest', '--symbol', 'AA,AA'], /AA is named twice/, 2],
    [['backtest', '--symbol', 'AA,'], /expected a name/, 2],
    [['backtest', '--symbol', 'AA', '--universe'], /give one of the two/, 2],
    [['backtest', '--symbol', 'AA,NONE'], /no 1d bars of NONE on test; nearest are/, 3],
    [['backtest', '--universe', '--from', '2030-01-01'], /3 symbols, none with a bar/, 3],
    [['sweep', '--symbol', 'AA,NONE'], /no 1d bars of NONE on test; nearest are/, 3],
    [['validate', '--symbol', 'AA', '--universe'], /give one of the two/, 2],
    [['audit', '--symbol', 'AA,BB'], /lab audit takes one symbol/, 2],
  ])('refuses %j', async ([command, ...rest], said, exit) => {
    const { status, stderr } = await lab(store, command!, 'sma-cross', ...rest, ...market);
    expect(stderr).toMatch(said);
    expect(status).toBe(exit);
  });
});
