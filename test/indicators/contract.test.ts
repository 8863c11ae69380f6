import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { atr } from '@streamscalp/lib/indicators/atr';
import { bollinger } from '@streamscalp/lib/indicators/bollinger';
import { macd } from '@streamscalp/lib/indicators/macd';
import { rsi } from '@streamscalp/lib/indicators/rsi';
import { sma } from '@streamscalp/lib/indicators/sma';
import { sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { ALL, batched, label, stepOf, streamed } from './all.ts';

const ROWS = 1500;
const bars = syntheticBars({ seed: 21, startTs: 0, rows: ROWS, volatility: 3 });
const cases = ALL.map(({ spec, first }) => ({ name: label(spec), spec, first }));

it('the contract is kept by every file in lib/indicators', () => {
  const files = readdirSync(join(PROJECT_ROOT, 'lib/indicators'))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => name !== 'indicator' && name !== 'length');
  expect([...new Set(ALL.map(({ spec }) => spec.name))].sort()).toEqual(files.sort());
});

describe.each(cases)('$name', ({ spec, first }) => {
  it('gives the same bits whole, in any pieces and one input at a time', () => {
    const whole = batched(spec, bars, []);
    expect(streamed(spec, bars)).toEqual(whole[0]);
    const cuts = fc.array(fc.integer({ min: 0, max: ROWS }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(batched(spec, bars, at)).toEqual(whole);
      }),
      { seed: 6, numRuns: 10 },
    );
  });

  it('is NaN before it has enough inputs and never after', () => {
    batched(spec, bars, []).forEach((line, i) => {
      expect(line.findIndex((value) => !Number.isNaN(value))).toBe(first[i]);
      expect(line.subarray(first[i]).every(Number.isFinite)).toBe(true);
    });
  });

  it('has every value by the end of its warm-up', () => {
    expect(spec.warmup).toBeGreaterThan(Math.max(...first));
  });

  it('has forgotten after its warm-up where it started, to a millionth', () => {
    const scale = spec.onPrice
      ? 0
      : Math.max(...batched(spec, bars, [])[0]!.filter(Number.isFinite));
    for (const start of [1, 137, 700]) {
      const late = batched(spec, sliceBars(bars, start, ROWS), []);
      const early = batched(spec, bars, []);
      late.forEach((line, i) => {
        let worst = 0;
        for (let row = spec.warmup - 1; row < line.length; row++) {
          const expected = early[i]![start + row]!;
          // The values themselves may cross zero, so the millionth is of their usual size.
          const size = Math.max(Math.abs(expected), scale);
          worst = Math.max(worst, Math.abs(line[row]! - expected) / size);
        }
        // Of two averages whose difference is macd, each has forgotten its start to a millionth; all others pass 1e-6.
        expect(worst).toBeLessThan(spec.name === 'macd' ? 2e-6 : 1e-6);
      });
    }
  });

  it('shares nothing between two that were made from one declaration', () => {
    const alone = streamed(spec, bars);
    const one = stepOf(spec, bars);
    const other = stepOf(spec, bars);
    for (let row = 0; row < 200; row++) {
      other(ROWS - 1 - row);
      expect(one(row)).toBe(alone[row]);
    }
  });
});

describe('a declaration', () => {
  it.each([
    [() => sma(0), 'sma length is 0; expected an integer of at least 1'],
    [() => rsi(1.5), 'rsi length is 1.5; expected an integer of at least 1'],
    [() => atr(Number.NaN), 'atr length is NaN; expected an integer of at least 1'],
    [() => bollinger(1), 'bollinger length is 1; expected an integer of at least 2'],
    [() => macd(26, 12), 'macd slow length is 12; expected an integer of at least 27'],
  ])('with a length that makes no sense is refused: %#', (declare, message) => {
    expect(declare).toThrow(message);
  });
});

describe('known values', () => {
  it('sma does not drift from the mean of its window over a million values', () => {
    const long = sma(50).create();
    const ring: number[] = [];
    let last = 0;
    for (let i = 0; i < 1_000_000; i++) {
      const x = 1e6 * Math.sin(i) + (i % 7 === 0 ? 1e9 : 0.1);
      ring[i % 50] = x;
      last = long.update(x);
    }
    const mean = ring.reduce((total, x) => total + x, 0) / 50;
    expect(Math.abs(last / mean - 1)).toBeLessThan(1e-12);
  });

  it('rsi is 50 on a price that does not move, 100 on one that only rises, 0 on one that only falls', () => {
    const last = (xs: readonly number[]) => {
      const indicator = rsi(3).create();
      return xs.map((x) => indicator.update(x)).at(-1);
    };
    expect(last([5, 5, 5, 5, 5])).toBe(50);
    expect(last([1, 2, 3, 4, 5])).toBe(100);
    expect(last([5, 4, 3, 2, 1])).toBe(0);
  });

  it('bollinger bands of a price that does not move have no width, also far from zero', () => {
    const lines = [0, 1, 2].map(() => new Float64Array(50));
    bollinger(5)
      .create()
      .batch(new Float64Array(50).fill(1e9 + 0.1), 0, 50, lines);
    expect(lines[1]![49]).toBe(lines[2]![49]);
  });
});
