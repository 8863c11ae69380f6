import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  depthImbalance,
  microprice,
  OrderFlowImbalance,
  quoteImbalance,
  RollingBeta,
  RollingCorrelation,
  TradeFlowImbalance,
} from '@streamscalp/lib/indicators/flow/index';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

describe('the book at one moment', () => {
  it('has a microprice nearer to the side on which less waits', () => {
    // (100 · 1 + 101 · 3) / 4
    expect(microprice(100, 3, 101, 1)).toBe(100.75);
    expect(microprice(100, 2, 101, 2)).toBe(100.5);
    expect(microprice(100, 0, 101, 0)).toBe(Number.NaN);
  });

  it('is out of balance by the share of one side over the other', () => {
    expect(quoteImbalance(3, 1)).toBe(0.5);
    expect(quoteImbalance(0, 5)).toBe(-1);
    expect(quoteImbalance(0, 0)).toBe(Number.NaN);
  });

  it('weighs deeper levels less, and missing ones not at all', () => {
    expect(depthImbalance([3, 1], [1, 3], 2)).toBe(0);
    // Bids 3 + 0.5 · 1 = 3.5, asks 1 + 0.5 · 3 = 2.5: 1 / 6.
    expect(depthImbalance([3, 1], [1, 3], 2, 0.5)).toBeCloseTo(1 / 6, 15);
    expect(depthImbalance([3], [1, 1], 5)).toBe(0.2);
    expect(depthImbalance([3, 9], [1, 0], 1)).toBe(0.5);
  });
});

describe('order-flow imbalance', () => {
  // Quotes as bid, bidQty, ask, askQty, and by hand what each change brought.
  const QUOTES: readonly (readonly [number, number, number, number])[] = [
    [100, 5, 101, 4],
    [100, 8, 101, 4], //  3 more on the bid: +3
    [100, 8, 101, 1], //  3 taken from the ask: +3
    [100.5, 2, 101, 1], //  the bid rose and holds 2: +2
    [100, 6, 100.5, 7], //  the bid of 2 is gone: −2; a new ask of 7: −7
    [100, 6, 102, 1], //  the ask of 7 is gone: +7
  ];

  it('adds up what came to the bid and left the ask, less the opposite', () => {
    const one = new OrderFlowImbalance(1);
    expect(QUOTES.map((quote) => one.update(...quote))).toEqual([Number.NaN, 3, 3, 2, -9, 7]);
    const three = new OrderFlowImbalance(3);
    const NOT_YET = Number.NaN;
    expect(QUOTES.map((quote) => three.update(...quote))).toEqual([
      NOT_YET,
      NOT_YET,
      NOT_YET,
      8,
      -4,
      0,
    ]);
  });

  it('passes over a quote that lacks a side', () => {
    const imbalance = new OrderFlowImbalance(1);
    imbalance.update(...QUOTES[0]!);
    expect(imbalance.update(100, 8, Number.NaN, 0)).toBe(Number.NaN);
    expect(imbalance.update(...QUOTES[1]!)).toBe(3);
  });
});

describe('trade-flow imbalance', () => {
  it('is the net of the last trades over their sum', () => {
    const imbalance = new TradeFlowImbalance(2);
    expect(imbalance.update(1, 1)).toBe(Number.NaN);
    expect(imbalance.update(3, -1)).toBe(-0.5);
    expect(imbalance.update(Number.NaN, 1)).toBe(Number.NaN);
    expect(imbalance.update(3, 1)).toBe(0);
    expect(imbalance.update(2, 1)).toBe(1);
  });
});

describe('two series', () => {
  const [, ...lines] = readFileSync(join(PROJECT_ROOT, 'test/golden/indicators/bars.csv'), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  const pairs: { row: number; correlation: number; beta: number }[] = JSON.parse(
    readFileSync(join(PROJECT_ROOT, 'test/golden/indicators/pairs.json'), 'utf8'),
  );

  it('correlate and depend on each other as TA-Lib says, high and low, over 30 bars', () => {
    const correlation = new RollingCorrelation(30);
    const beta = new RollingBeta(30);
    const found = rows.map(([, high = 0, low = 0], row) => {
      const [, highBefore = Number.NaN, lowBefore = Number.NaN] = rows[row - 1] ?? [];
      return {
        correlation: correlation.update(high, low),
        beta: beta.update(high / highBefore - 1, low / lowBefore - 1),
      };
    });
    expect(found.findIndex((pair) => !Number.isNaN(pair.correlation))).toBe(29);
    expect(found.findIndex((pair) => !Number.isNaN(pair.beta))).toBe(30);
    for (const { row, ...expected } of pairs) {
      expect(found[row]!.correlation).toBeCloseTo(expected.correlation, 9);
      expect(found[row]!.beta).toBeCloseTo(expected.beta, 9);
    }
    expect(pairs.length).toBeGreaterThan(20);
  });

  it('say nothing when one does not move', () => {
    const correlation = new RollingCorrelation(2);
    correlation.update(1, 5);
    expect(correlation.update(2, 5)).toBe(Number.NaN);
    expect(correlation.update(3, 4)).toBe(-1);
  });
});
