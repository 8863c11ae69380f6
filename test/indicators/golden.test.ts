import { readFileSync } from 'node:fs';
import {
  adx,
  atr,
  bollinger,
  cmf,
  ema,
  heikinAshi,
  macd,
  obv,
  rsi,
  sma,
  stoch,
  trueRange,
  wma,
} from '@streamscalp/lib/indicators/index';
import { allocateBars, type BarColumns } from '@streamscalp/lib/market/bar';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { type AnySpec, batched } from './all.ts';

/** Columns of a CSV file by their name; empty cells are NaN. */
function readColumns(path: string): (name: string) => Float64Array {
  const [header, ...lines] = readFileSync(sharedData(path), 'utf8').trim().split(/\r?\n/);
  const names = header!.split(',').map((name) => name.toLowerCase());
  const cells = lines.map((line) => line.split(','));
  return (name) => {
    const at = names.indexOf(name.toLowerCase());
    return Float64Array.from(cells, (row) => (row[at] ? Number(row[at]) : Number.NaN));
  };
}

function barsOf(column: (name: string) => Float64Array): BarColumns {
  const bars = allocateBars(column('close').length);
  for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) {
    bars[name].set(column(name));
  }
  return bars;
}

/*
 * Stock.Indicators (.NET, commit d5c6660), its own regression baselines over 502 daily bars of SPY.
 * It begins every recursion, as we do, with a mean. Not compared: Aroon, of which it counts the earlier of equal
 * extremes and TA-Lib, as we, the later; the Donchian channel, out of which it leaves the newest bar.
 */
const STOCK_INDICATORS: [string, AnySpec, Record<string, string>][] = [
  ['sma', sma(20), { sma: 'value' }],
  ['ema', ema(20), { ema: 'value' }],
  ['rsi', rsi(14), { rsi: 'value' }],
  ['atr', atr(14), { atr: 'value' }],
  ['macd', macd(12, 26, 9), { macd: 'macd', signal: 'signal', histogram: 'histogram' }],
  ['wma', wma(14), { wma: 'value' }],
  ['tr', trueRange(), { tr: 'value' }],
  ['stoch', stoch(14, 3, 3), { oscillator: 'k', signal: 'd' }],
  ['adx', adx(14), { pdi: 'plus', mdi: 'minus', dx: 'dx', adx: 'adx' }],
  ['obv', obv(), { obv: 'value' }],
  ['cmf', cmf(20), { cmf: 'value' }],
  ['heikinashi', heikinAshi(), { open: 'open', high: 'high', low: 'low', close: 'close' }],
  ['bb', bollinger(20, 2), { sma: 'middle', upperBand: 'upper', lowerBand: 'lower' }],
];

describe.skipIf(!hasSharedData)('Stock.Indicators (needs ../shared/data)', () => {
  it.each(STOCK_INDICATORS)('agrees row by row on %s', (file, spec, names) => {
    const column = readColumns('bars/stockindicators_default.csv');
    const path = sharedData(`golden/indicators/stockindicators/${file}.standard.json`);
    const golden: Record<string, number | null>[] = JSON.parse(readFileSync(path, 'utf8'));
    const lines = batched(spec, barsOf(column), []);
    for (const [theirs, ours] of Object.entries(names)) {
      const line = lines[spec.lines.indexOf(ours)]!;
      expect(golden.length).toBe(line.length);
      golden.forEach((row, i) => {
        const expected = row[theirs];
        if (expected === null || expected === undefined) expect(line[i]).toBe(Number.NaN);
        else expect(Math.abs(line[i]! - expected)).toBeLessThan(1e-10 * Math.abs(expected) + 1e-11);
      });
    }
  });
});

/*
 * StockCharts' spreadsheets of ChartSchool, as the project `ta` keeps them (commit a890410). Its ATR, RSI and
 * MACD sheets start the recursions at the first bar instead of with a mean, and end before that start is forgotten, so
 * only the Bollinger bands can be compared.
 */
const STOCKCHARTS: [string, AnySpec, Record<string, string>, number][] = [
  ['bbands', bollinger(20, 2), { MiddleBand: 'middle', HighBand: 'upper', LowBand: 'lower' }, 1e-4],
];

describe.skipIf(!hasSharedData)('StockCharts (needs ../shared/data)', () => {
  it.each(STOCKCHARTS)('agrees on %s to the digits it prints', (file, spec, names, digits) => {
    const column = readColumns(`golden/indicators/stockcharts_cs-${file}.csv`);
    const bars = allocateBars(column('close').length);
    bars.close.set(column('close'));
    const lines = batched(spec, bars, []);
    let compared = 0;
    for (const [theirs, ours] of Object.entries(names)) {
      column(theirs).forEach((expected, i) => {
        if (Number.isNaN(expected)) return;
        compared++;
        expect(Math.abs(lines[spec.lines.indexOf(ours)]![i]! - expected)).toBeLessThan(digits);
      });
    }
    expect(compared).toBeGreaterThan(50);
  });
});
