import * as indicators from '@streamscalp/lib/indicators/index';
import { atr, bollinger, macd, parabolicSar, rsi, sma } from '@streamscalp/lib/indicators/index';
import { allocateBars, BAR_COLUMNS, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL, batched, label, type Memory, stepOf, streamed } from './all.ts';

const ROWS = 1500;
const bars = syntheticBars({ seed: 21, startTs: 0, rows: ROWS, volatility: 3 });
const cases = ALL.map(({ spec, memory }) => ({ name: label(spec), spec, memory }));

const AFTER_WARMUP: Readonly<Record<Memory, string>> = {
  forgets: 'has forgotten after its warm-up where it started, to a millionth',
  offset: 'differs after its warm-up by a constant that depends on where it started',
  factor: 'differs after its warm-up by a factor that depends on where it started',
  meets: 'meets the one that started earlier and does not part from it again',
  waits: 'meets the one that started earlier, once it has a value, and does not part from it again',
};

/**
 * They swing around zero, and their starts can lie several of their usual sizes apart: it is that distance which has
 * decayed to a millionth.
 */
const WIDE_STARTS = new Set(['macd', 'apo', 'efi']);

/** Price and volume of bars that say nothing more. */
const STILL = [
  [100, 5],
  [100, 0],
  [0, 5],
] as const;

/** The first row in which lines differ by a bit, NaN being one value; −1 when none does. */
function firstDifference(
  lines: readonly Float64Array[],
  expected: readonly Float64Array[],
): number {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.length !== expected[i]!.length) return Math.min(line.length, expected[i]!.length);
    for (let row = 0; row < line.length; row++) {
      if (!Object.is(line[row], expected[i]![row])) return row;
    }
  }
  return -1;
}

/** The largest difference from row `from` on, as a share of the usual size of the line. */
function worst(
  line: Float64Array,
  early: Float64Array,
  from: number,
  memory: Memory,
  onPrice: boolean,
): number {
  const scale = onPrice ? 0 : Math.max(...early.map(Math.abs).filter(Number.isFinite));
  const offset = memory === 'offset' ? early[from]! - line[from]! : 0;
  const factor = memory === 'factor' ? early[from]! / line[from]! : 1;
  let found = 0;
  for (let row = from; row < line.length; row++) {
    const expected = early[row]!;
    // The values themselves may cross zero, so the millionth is of their usual size.
    const size = Math.max(Math.abs(expected), scale);
    const difference = Math.abs(line[row]! * factor + offset - expected);
    if (difference > 0) found = Math.max(found, difference / size);
  }
  return found;
}

/** The bars with rows of NaN put in so that they come to lie at `gaps`, and which rows are bars. */
function withGaps(gaps: readonly number[]): { holed: BarColumns; kept: boolean[] } {
  const holed = allocateBars(ROWS + gaps.length);
  const kept = Array.from(holed.close, (_, row) => !gaps.includes(row));
  for (const name of BAR_COLUMNS) {
    let from = 0;
    kept.forEach((isBar, row) => {
      holed[name][row] = isBar ? bars[name][from++]! : Number.NaN;
    });
  }
  return { holed, kept };
}

it('the contract is kept by every indicator, each declared under its own name', () => {
  const kept = new Set(ALL.map(({ spec }) => spec.name));
  expect([...kept].sort()).toEqual(Object.keys(indicators).sort());
});

describe.each(cases)('$name', ({ spec, memory }) => {
  const whole = batched(spec, bars, []);

  it('gives the same bits whole, in any pieces and one input at a time', () => {
    expect(firstDifference([streamed(spec, bars)], whole)).toBe(-1);
    const every = Array.from({ length: ROWS }, (_, row) => row);
    expect(firstDifference(batched(spec, bars, every), whole)).toBe(-1);
    const cuts = fc.array(fc.integer({ min: 0, max: ROWS }), { maxLength: 12 });
    fc.assert(
      fc.property(cuts, (at) => {
        expect(firstDifference(batched(spec, bars, at), whole)).toBe(-1);
      }),
      { seed: 6, numRuns: 5 },
    );
  });

  it('is NaN before it has enough inputs and never after, and has every value by the end of its warm-up', () => {
    for (const line of whole) {
      const first = line.findIndex((value) => !Number.isNaN(value));
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first).toBeLessThan(memory === 'waits' ? 300 : spec.warmup);
      expect(line.subarray(first).every(Number.isFinite)).toBe(true);
    }
  });

  it('passes over inputs that are NaN', () => {
    const gaps = [0, 1, 40, 41, 42, 700];
    const { holed, kept } = withGaps(gaps);
    const lines = batched(spec, holed, [41, 300]);
    for (const gap of gaps) for (const line of lines) expect(line[gap]).toBe(Number.NaN);
    const rest = (line: Float64Array) => line.filter((_, row) => kept[row]);
    expect(firstDifference(lines.map(rest), whole)).toBe(-1);
    expect(firstDifference([rest(streamed(spec, holed))], whole)).toBe(-1);
  });

  it(AFTER_WARMUP[memory], () => {
    for (const start of [1, 137, 400]) {
      const late = batched(spec, sliceBars(bars, start, ROWS), []);
      late.forEach((line, i) => {
        const early = whole[i]!.subarray(start);
        const from = memory === 'meets' || memory === 'waits' ? 600 : spec.warmup - 1;
        expect(from).toBeLessThan(line.length - 200);
        const bound = WIDE_STARTS.has(spec.name) ? 5e-6 : 1e-6;
        expect(worst(line, early, from, memory, spec.onPrice)).toBeLessThan(bound);
      });
    }
  });

  it('says nothing infinite of a market that stands still, falls to nothing or trades nothing', () => {
    for (const [price, volume] of STILL) {
      const rows = allocateBars(600);
      for (const name of BAR_COLUMNS) rows[name].set(bars[name].subarray(0, 600));
      for (const name of ['open', 'high', 'low', 'close'] as const) rows[name].fill(price, 300);
      rows.volume.fill(volume, 300);
      for (const line of batched(spec, rows, [])) {
        expect(line.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(-1);
      }
    }
  });

  it('shares nothing between two that were made from one declaration', () => {
    const one = stepOf(spec, bars);
    const other = stepOf(spec, bars);
    for (let row = 0; row < 200; row++) {
      other(ROWS - 1 - row);
      expect(one(row)).toBe(whole[0]![row]);
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
    [
      () => parabolicSar(0.3),
      'parabolicSar step is 0.3 and limit 0.2; expected 0 < step ≤ limit ≤ 1',
    ],
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
