import {
  barsFromRows,
  byQuantile,
  computeIndicator,
  crossSection,
  eventStudy,
  forwardReturns,
  informationCoefficient,
  macd,
  pairSpread,
  sma,
  syntheticBars,
  syntheticPair,
  trueRange,
} from '@streamscalp/lib';
import { Random } from '@streamscalp/lib/core/random';
import { ranks } from '@streamscalp/lib/research/ranks';
import { describe, expect, it } from 'vitest';

const column = (...values: number[]) => Float64Array.from(values);
const walk = (seed: number, rows: number) =>
  syntheticBars({ seed, startTs: 0, rows, tickSize: 1e-6 }).close;

describe('an indicator over a history', () => {
  it('reads closes, or a column of your own, and is NaN until it is warm', () => {
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: 50 });
    const own = computeIndicator(sma(3), column(1, 2, 6, 7));
    expect([...own]).toEqual([Number.NaN, Number.NaN, 3, 5]);
    expect(computeIndicator(sma(3), bars)).toEqual(computeIndicator(sma(3), bars.close));
  });

  it('gives a record of lines for an indicator that has several, and takes those of whole bars', () => {
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: 200 });
    expect(Object.keys(computeIndicator(macd(12, 26, 9), bars))).toEqual(macd(12, 26, 9).lines);
    expect(computeIndicator(trueRange(), bars).at(-1)).toBeGreaterThan(0);
  });
});

describe('forward returns', () => {
  it('look ahead by whole bars and do not know the end', () => {
    expect([...forwardReturns(column(100, 110, 121, 60.5), 2)]).toEqual([
      expect.closeTo(0.21, 12),
      expect.closeTo(-0.45, 12),
      Number.NaN,
      Number.NaN,
    ]);
    expect(() => forwardReturns(column(1), 0.5)).toThrow('horizon is 0.5');
  });
});

describe('ranks', () => {
  it('share their mean where values are equal', () => {
    expect([...ranks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });
});

describe('the information coefficient', () => {
  // Ranks of the feature 1 2 3 4 5, of the returns 2 1 4 3 5: Σd² = 4, so 1 − 6·4 / (5·24) = 0.8.
  it('is Spearman’s correlation, worked by hand', () => {
    const close = column(100, 101, 101.5, 104.5, 107, 112);
    const [one] = informationCoefficient(column(1, 2, 3, 4, 5, 6), close, [1]);
    expect(one).toMatchObject({ horizon: 1, rows: 5, independent: 5, stdErr: 0.5 });
    expect(one!.ic).toBeCloseTo(0.8, 12);
  });

  it('counts one row in h as evidence, because their futures overlap', () => {
    const close = walk(2, 1001);
    const [row] = informationCoefficient(close, close, [20]);
    expect(row).toMatchObject({ rows: 981, independent: 49 });
  });

  it('finds nothing in noise, nineteen times in twenty or more', () => {
    const random = new Random(5);
    let found = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const close = walk(seed, 400);
      const feature = close.map(() => random.normal());
      const [row] = informationCoefficient(feature, close, [5]);
      if (Math.abs(row!.t) > 1.96) found++;
    }
    expect(found).toBeLessThanOrEqual(3);
  });
});

describe('parts of a sorted feature', () => {
  it('are of equal size, lowest first, and say what followed', () => {
    const feature = column(4, 1, 3, 2, Number.NaN);
    const rows = byQuantile(feature, column(40, 10, 30, 20, 99), 2);
    expect(rows).toEqual([
      { part: 1, from: 1, to: 2, mean: 15, stdErr: 5, rows: 2 },
      { part: 2, from: 3, to: 4, mean: 35, stdErr: 5, rows: 2 },
    ]);
    expect(() => byQuantile(feature, feature, 3)).toThrow('4 rows cannot be cut into 3 parts');
  });
});

describe('an event study', () => {
  // A price that doubles at each event and halves two bars later; its drift over all bars is 0.
  const close = column(1, 1, 2, 2, 1, 1, 1, 2, 2, 1, 1);

  it('is the mean path around the events, the drift taken out, worked by hand', () => {
    const study = eventStudy(close, [2, 7], { before: 1, after: 2 });
    expect([...study.offset]).toEqual([-1, 0, 1, 2]);
    expect([...study.mean]).toEqual([-Math.LN2, 0, 0, -Math.LN2]);
    expect([...study.stdErr]).toEqual([0, 0, 0, 0]);
    expect(study.events).toBe(2);
  });

  it('leaves out events at the ends and inside the window of an earlier one', () => {
    const study = eventStudy(close, [0, 2, 3, 7, 9, 10], { before: 1, after: 2 });
    expect(study).toMatchObject({ events: 2, leftOut: 4 });
    expect(() => eventStudy(close, [2, 3], { before: 1, after: 2 })).toThrow('needs 2 or more');
  });
});

describe('the spread of a pair', () => {
  const [a, b] = syntheticPair({ seed: 8, startTs: 0, rows: 4000, distance: 0.03, halfLife: 12 });

  it('finds the ratio, the deviation and the half-life a pair was made with', () => {
    const { hedgeRatio, deviation, halfLife } = pairSpread(a.close, b.close);
    expect(hedgeRatio).toBeCloseTo(1, 1);
    expect(deviation).toBeGreaterThan(0.025);
    expect(deviation).toBeLessThan(0.035);
    expect(halfLife).toBeGreaterThan(8);
    expect(halfLife).toBeLessThan(17);
  });

  it('is fitted on the first rows only: later prices change neither the ratio nor the spread before them', () => {
    const whole = pairSpread(a.close, b.close, 1000);
    const later = b.close.map((price, i) => (i < 1000 ? price : 3 * price));
    const other = pairSpread(a.close, later, 1000);
    expect(other.hedgeRatio).toBe(whole.hedgeRatio);
    expect(other.spread.subarray(0, 1000)).toEqual(whole.spread.subarray(0, 1000));
    expect(() => pairSpread(a.close, b.close, 29)).toThrow('30 rows or more');
  });
});

describe('a synthetic pair', () => {
  it('is made of bars: high and low around open and close, each opening where the last one closed', () => {
    const pair = syntheticPair({ seed: 3, startTs: 0, rows: 500 });
    for (const bars of pair) {
      const rows = Array.from(bars.close, (close, i) => ({
        ...{ openTs: bars.openTs[i]!, closeTs: bars.closeTs[i]!, open: bars.open[i]!, close },
        ...{ high: bars.high[i]!, low: bars.low[i]!, volume: bars.volume[i]! },
      }));
      expect(() => barsFromRows(rows)).not.toThrow();
      for (const [i, { open, high, low, close }] of rows.entries()) {
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        if (i > 0) expect(open).toBe(bars.close[i - 1]);
      }
    }
  });
});

describe('a cross-section', () => {
  const nan = Number.NaN;

  it('places each market among those of its moment, and takes away what all of them earned, by hand', () => {
    const { place, beyond } = crossSection(
      [column(3, nan, 1), column(1, 5, 1), column(2, 4, 9)],
      [column(0.05, 0.9, 0.1), column(0.01, 0.02, 0.3), column(0.03, 0.06, nan)],
      [0, 1, 2],
    );
    // Three markets, then the two that are known, then two that are equal.
    const close = (values: number[]) => values.map((value) => expect.closeTo(value, 12));
    expect([...place]).toEqual(close([5 / 6, 1 / 6, 3 / 6, 3 / 4, 1 / 4, 2 / 4, 2 / 4]));
    expect([...beyond]).toEqual(close([0.02, -0.02, 0, -0.02, 0.02, -0.1, 0.1]));
  });

  it('refuses columns that do not fit, and rows at which nothing can be compared', () => {
    expect(() => crossSection([column(1)], [], [0])).toThrow('1 features and 0 outcomes');
    expect(() => crossSection([column(1)], [column(1, 2)], [0])).toThrow('different lengths');
    expect(() => crossSection([column(1)], [column(1)], [0])).toThrow('two markets');
  });
});
