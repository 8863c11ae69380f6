import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import type { Context } from '@streamscalp/lib/engine/context';
import type { Inputs } from '@streamscalp/lib/engine/declared-indicators';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import { atr } from '@streamscalp/lib/indicators/atr';
import { bollinger } from '@streamscalp/lib/indicators/bollinger';
import { ema } from '@streamscalp/lib/indicators/ema';
import { macd } from '@streamscalp/lib/indicators/macd';
import { rsi } from '@streamscalp/lib/indicators/rsi';
import { sma } from '@streamscalp/lib/indicators/sma';
import { type Bar, type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import type { BarFeed } from '@streamscalp/lib/market/feed';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { resampleBars } from '@streamscalp/lib/market/resample';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { assumptions, indicatorsFor, simulatedEngine } from '@streamscalp/lib/run';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

type OnBar = (bar: Bar, ctx: Context) => void;

const bars = syntheticBars({ seed: 8, startTs: 0, rows: 9000, volatility: 2 });
const one = (columns: BarColumns, symbol = 'A') =>
  memoryFeed(defineInstrument({ symbol, venue: 'test' }), '1m', columns);

/** Runs what `create` returns on every instrument of a feed. */
async function run(feed: BarFeed, create: (inputs: Inputs) => OnBar, startTs?: number) {
  const indicators = indicatorsFor(feed);
  const definition = defineStrategy({
    name: 'probe',
    params: z.object({}),
    create: (_params, inputs) => ({ onBar: create(inputs) }),
  });
  const assumed = assumptions({ costs: costs.free });
  const options = { indicators, definition, params: {}, run: assumed, startTs, ledger: null };
  const { engine } = simulatedEngine({ ...options, curve: 'days' });
  for await (const chunk of feed.chunks()) {
    indicators.compute(chunk);
    engine.drain(chunk);
  }
}

/** A feed whose chunks have `rows` rows, as a live feed's have one. */
function chunked(feed: BarFeed, rows: number): BarFeed {
  return {
    ...feed,
    async *chunks() {
      for await (const chunk of feed.chunks()) {
        for (let from = chunk.from; from < chunk.to; from += rows) {
          yield { ...chunk, from, to: Math.min(from + rows, chunk.to) };
        }
      }
    },
  };
}

/** What a probe saw, as [closeTs, value…]. */
async function seen(feed: BarFeed, create: (inputs: Inputs) => () => number[], startTs?: number) {
  const rows: number[][] = [];
  await run(
    feed,
    (inputs) => {
      const read = create(inputs);
      return (bar) => void rows.push([bar.closeTs, ...read()]);
    },
    startTs,
  );
  return rows;
}

describe('a declared indicator', () => {
  it('reads the field it was declared on', async () => {
    const rows = await seen(one(bars), ({ open, high, low, close, volume }) => {
      const lines = [open, high, low, close, volume].map((on) => on(sma(1)));
      return () => lines.map((line) => line.value);
    });
    const { open, high, low, close, volume, closeTs } = bars;
    expect(rows.length).toBe(9000);
    for (const i of [0, 4095, 4096, 8999]) {
      const expected = [closeTs, open, high, low, close, volume].map((column) => column[i]);
      expect(rows[i]).toEqual(expected);
    }
  });

  it('has one line under each of its names', async () => {
    const rows = await seen(one(bars), ({ close }) => {
      const { middle, upper, lower } = close(bollinger(20, 2));
      const { macd: line, signal, histogram } = close(macd());
      return () =>
        [upper.value - middle.value, middle.value - lower.value].concat([
          line.value - signal.value - histogram.value,
        ]);
    });
    for (const [, above, below, difference] of rows) {
      expect(above).toBeCloseTo(below!, 9);
      expect(difference).toBe(0);
    }
  });

  it('can be taken of another one, and begins when that has values', async () => {
    const rows = await seen(one(bars), ({ close }) => {
      const piped = close(sma(10)).pipe(sma(5));
      return () => [piped.value];
    });
    const smooth = sma(10).create();
    const twice = sma(5).create();
    const expected: number[] = [];
    for (const x of bars.close) {
      const value = smooth.update(x);
      if (!Number.isNaN(value)) expected.push(twice.update(value));
    }
    expect(rows.map(([, value]) => value)).toEqual(expected.slice(4));
    expect(rows[0]![0]).toBe(14 * MINUTE);
  });

  it('is the same for equal declarations, whoever makes them', () => {
    const indicators = indicatorsFor(one(bars));
    const first = new Set<unknown>();
    const second = new Set<unknown>();
    const declare = (declared: Set<unknown>) => {
      const { close, bars: higher } = indicators.inputs(0, declared as never);
      close(sma(10)).pipe(ema(3));
      higher('1h').close(sma(10));
    };
    declare(first);
    declare(second);
    expect(first.size).toBe(3);
    expect(second).toEqual(first);
    expect([...second].every((node) => first.has(node))).toBe(true);
  });

  it('holds the strategy back until each of them is warm, so that it never sees NaN', async () => {
    for (const rows of [1, 7, 4096]) {
      const probe = await seen(chunked(one(bars), rows), ({ close, bar, bars: higher }) => {
        const lines = [close(rsi(14)), bar(atr(5)), higher('5m').close(ema(12)).pipe(sma(3))];
        return () => lines.map((line) => line.value);
      });
      expect(probe.flat().some(Number.isNaN)).toBe(false);
      // ema(12) needs 83 values of 5 minutes, the average of three of them two more.
      expect(probe[0]![0]).toBe(85 * 5 * MINUTE);
    }
  });
});

describe('bars of a higher timeframe', () => {
  it.each([1, 59, 4096])(
    'are seen when closed and never while forming, in chunks of %i',
    async (n) => {
      const rows = await seen(chunked(one(bars), n), ({ bars: higher }) => {
        const hour = higher('1h');
        const lines = [hour.open(sma(1)), hour.high(sma(1)), hour.low(sma(1)), hour.close(sma(1))];
        return () => lines.map((line) => line.value);
      });
      const hours = resampleBars(bars, '1h');
      expect(rows[0]![0]).toBe(HOUR);
      for (const [ts, ...values] of rows) {
        const last = hours.closeTs.findLastIndex((closeTs) => closeTs <= ts!);
        const { open, high, low, close } = hours;
        expect(values).toEqual([open, high, low, close].map((column) => column[last]));
      }
    },
  );

  it('that end in a gap are seen with the first bar after it', async () => {
    const keep = [...Array(50).keys(), 65, 66, ...Array.from({ length: 60 }, (_, i) => 120 + i)];
    const gappy = sliceBars(bars, 0, keep.length);
    const copy = Object.fromEntries(
      Object.entries(gappy).map(([name]) => [
        name,
        Float64Array.from(keep, (row) => bars[name as keyof BarColumns][row]!),
      ]),
    ) as unknown as BarColumns;
    const rows = await seen(one(copy), ({ bars: higher }) => {
      const line = higher('1h').close(sma(1));
      return () => [line.value];
    });
    const at = (minute: number) => rows.find(([ts]) => ts === minute * MINUTE)?.[1];
    expect(rows[0]![0]).toBe(66 * MINUTE);
    expect(at(66)).toBe(bars.close[49]);
    expect(at(121)).toBe(bars.close[66]);
    expect(at(180)).toBe(bars.close[179]);
  });

  it('of a week begin on Monday, as resampled bars do', async () => {
    const days = sliceBars(bars, 0, 60);
    const day = 24 * HOUR;
    const daily: BarColumns = {
      ...days,
      openTs: Float64Array.from({ length: 60 }, (_, i) => i * day),
      closeTs: Float64Array.from({ length: 60 }, (_, i) => (i + 1) * day),
    };
    const feed = memoryFeed(defineInstrument({ symbol: 'A', venue: 'test' }), '1d', daily);
    const rows = await seen(feed, ({ bars: higher }) => {
      const line = higher('1w').close(sma(1));
      return () => [line.value];
    });
    const weeks = resampleBars(daily, '1w');
    for (const [ts, value] of rows) {
      const last = weeks.closeTs.findLastIndex((closeTs) => closeTs <= ts!);
      expect(value).toBe(weeks.close[last]);
    }
  });

  it.each<[string, (inputs: Inputs) => unknown, RegExp]>([
    [
      'bars on a value',
      ({ close }) => close(atr(14) as never),
      /atr\(14\) reads whole bars, and was declared with close/,
    ],
    [
      'values on bars',
      ({ bar }) => bar(sma(20) as never),
      /sma\(20\) reads values, and was declared with bar/,
    ],
    [
      'bars on a line',
      ({ close }) => close(sma(5)).pipe(atr(14) as never),
      /atr\(14\) reads whole bars, and was declared with pipe/,
    ],
    ['no indicator', ({ close }) => close(20 as never), /close\(…\) was given no indicator/],
  ])('refuses an indicator of %s, which would never have a value', (_what, declare, said) => {
    const inputs = indicatorsFor(one(bars)).inputs(0, new Set());
    expect(() => declare(inputs)).toThrow(said);
  });

  it.each(['1m', '30s', '7s', '90s'])('cannot be built from one-minute bars: %s', (timeframe) => {
    const { bars: higher } = indicatorsFor(one(bars)).inputs(0, new Set());
    expect(() => higher(timeframe)).toThrow(/cannot be built from 1m bars; ask for a multiple/);
  });
});

describe('indicators of another instrument', () => {
  const other = syntheticBars({ seed: 9, startTs: 0, rows: 9000, volatility: 1 });
  /** Each instrument watches the average of B. */
  const watchB = ({ of }: Inputs) => {
    const line = of('B').close(sma(3));
    return () => [line.value];
  };

  it('are those of its last bar that is known', async () => {
    const rows = await seen(mergeFeeds([one(bars), one(other, 'B')]), watchB);
    const average = sma(3).create();
    const expected = new Map(
      [...other.close].map((x, i) => [other.closeTs[i]!, average.update(x)]),
    );
    // At one moment A comes before B, so that A knows B's bar of the minute before, and B its own.
    let twice = 0;
    rows.forEach(([ts, value], i) => {
      const second = rows[i - 1]?.[0] === ts || rows[i + 1]?.[0] !== ts;
      if (rows[i - 1]?.[0] === ts) twice++;
      expect(value).toBe(expected.get(second ? ts! : ts! - MINUTE));
    });
    expect(twice).toBeGreaterThan(8000);
  });

  it('are the same whether bars come in long chunks or one at a time', async () => {
    // B pauses for an hour now and then, so that chunks of A grow long.
    const pausing = Array.from({ length: 9000 }, (_, i) => i).filter((i) => i % 150 < 90);
    const sparse = Object.fromEntries(
      Object.entries(other).map(([name, column]) => [
        name,
        Float64Array.from(pausing, (row) => column[row]),
      ]),
    ) as unknown as BarColumns;
    // A begins late, so that B becomes warm in the middle of a long chunk of its own.
    const late = sliceBars(bars, 80, 9000);
    const feed = mergeFeeds([one(late), one(sparse, 'B')]);
    expect(await seen(feed, watchB)).toEqual(await seen(chunked(feed, 1), watchB));
  });

  it('have values from the first bar that is traded after a later start', async () => {
    const feed = mergeFeeds([one(bars), one(other, 'B')]);
    const all = await seen(feed, watchB);
    const start = 5000 * MINUTE;
    expect(await seen(feed, watchB, start)).toEqual(all.filter(([ts]) => ts! >= start));
  });

  it('that are not in the run are an error that lists those that are', () => {
    const { of } = indicatorsFor(one(bars)).inputs(0, new Set());
    expect(() => of('ETH')).toThrow('symbol ETH is not in this run; it has A');
  });
});
