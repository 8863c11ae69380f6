import { backtest } from '@streamscalp/lib/backtest';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { definePortfolio, defineStrategy } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { sma } from '@streamscalp/lib/indicators/sma';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { type NewsItem, newsColumns } from '@streamscalp/lib/market/news';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runUniverse, universeFeed, walkOn } from './universe.ts';

/** Bars from 9 to 16 o'clock of each day, that open at 100 + day and close half above it. */
const sessions = (days: number): BarColumns =>
  barsFromRows(
    Array.from({ length: days }, (_, day) => ({
      openTs: day * DAY + 9 * HOUR,
      closeTs: day * DAY + 16 * HOUR,
      open: 100 + day,
      high: 101 + day,
      low: 99 + day,
      close: 100.5 + day,
      volume: 1e6,
    })),
  );

let id = 0;
const item = (availableTs: number, more: Partial<NewsItem> = {}): NewsItem => ({
  availableTs,
  publishedTs: availableTs,
  id: String(++id),
  source: 'wire',
  symbols: ['S0'],
  headline: `news of ${availableTs / HOUR} h`,
  summary: '',
  url: '',
  sentiment: 0,
  ...more,
});

/** What was heard, in order, with the time at which it was. */
type Heard = [what: 'bar' | 'news', heard: number, came: number];

const listening = (heard: Heard[], onNews?: (ctx: { buy(size: number): unknown }) => void) =>
  defineStrategy({
    name: 'listening',
    params: z.object({}),
    create: () => ({
      onBar: (bar, ctx) => void heard.push(['bar', ctx.now / HOUR, bar.closeTs / HOUR]),
      onNews(news, ctx) {
        heard.push(['news', ctx.now / HOUR, news.availableTs / HOUR]);
        onNews?.(ctx);
      },
    }),
  });

const run = (strategy: ReturnType<typeof listening>, items: readonly NewsItem[], days = 3) =>
  backtest({
    feed: memoryFeed(defineInstrument({ symbol: 'S0', venue: 'test' }), '7h', sessions(days)),
    strategy,
    costs: costs.free,
    gaps: 'allow',
    news: newsColumns(items),
  });

describe('news', () => {
  it('are heard by the moment they could be known, with bars before news at one moment', async () => {
    const heard: Heard[] = [];
    // At the close of day 0, in the night, at the open of day 1, inside its bar, at its close, after all bars.
    const times = [16, 20, 24 + 9, 24 + 12, 24 + 16, 2 * 24 + 17];
    await run(
      listening(heard),
      times.map((hour) => item(hour * HOUR)),
    );
    expect(heard).toEqual([
      ['bar', 16, 16],
      ['news', 16, 16],
      ['news', 20, 20],
      ['news', 33, 33],
      ['news', 40, 36],
      ['bar', 40, 40],
      ['news', 40, 40],
      ['bar', 64, 64],
    ]);
  });

  it.each([
    ['in the night: at the open after it', 20, 1],
    ['at the open itself: at that open', 33, 1],
    ['inside a bar: at the next open', 36, 2],
    ['at a close: at the next open', 40, 2],
  ])('what they make a strategy order fills %s', async (_when, hour, day) => {
    const strategy = listening([], (ctx) => void ctx.buy(1));
    const { fills } = await run(strategy, [item(hour * HOUR)], 4);
    expect(fills.map(({ ts, price }) => [ts, price])).toEqual([
      [day * DAY + 9 * HOUR + 1, 100 + day],
    ]);
  });

  it('are not heard before the strategy is warm, nor of another symbol, but when they are about none', async () => {
    const heard: number[] = [];
    const strategy = defineStrategy({
      name: 'warm',
      params: z.object({}),
      create(_params, { close }) {
        const average = close(sma(2));
        return {
          onBar() {},
          onNews: ({ availableTs }) => void heard.push(availableTs / HOUR, average.value),
        };
      },
    });
    await run(strategy, [
      item(20 * HOUR),
      item(41 * HOUR),
      item(42 * HOUR, { symbols: ['S1', 'S2'] }),
      item(43 * HOUR, { symbols: [] }),
      item(44 * HOUR, { symbols: ['S1', 'S0'] }),
    ]);
    // The mean of the closes of day 0 and 1.
    expect(heard).toEqual([41, 101, 43, 101, 44, 101]);
  });

  it('read the indicators of the bar before, also where a chunk begins with the next one', async () => {
    const bars = sessions(9_000);
    const found: number[] = [];
    const strategy = defineStrategy({
      name: 'chunks',
      params: z.object({}),
      create(_params, { close }) {
        const last = close(sma(1));
        return {
          onBar() {},
          onNews: ({ availableTs }) =>
            void found.push(last.value - (100.5 + Math.floor(availableTs / DAY))),
        };
      },
    });
    const nights = Array.from({ length: 8_900 }, (_, day) => item(day * DAY + 20 * HOUR));
    await backtest({
      feed: memoryFeed(defineInstrument({ symbol: 'S0', venue: 'test' }), '7h', bars),
      strategy,
      costs: costs.free,
      gaps: 'allow',
      news: newsColumns(nights),
    });
    expect(found.length).toBe(8_900);
    expect(Math.max(...found.map(Math.abs))).toBeLessThan(1e-9);
  });

  it('reach the strategies of several symbols, each its own, and one that trades all, in order', async () => {
    const days = Array.from({ length: 30 }, (_, day) => day);
    const feed = universeFeed([walkOn(days, 1), walkOn(days, 2), walkOn(days.slice(3), 3)]);
    const items = days.flatMap((day) =>
      ['S0', 'S1', 'S2'].map((symbol, k) => item((day + 0.1 + k / 3) * DAY, { symbols: [symbol] })),
    );
    const heard: string[] = [];
    const each = defineStrategy({
      name: 'each',
      params: z.object({}),
      create: () => ({
        onBar() {},
        onNews: ({ symbols }, ctx) => void heard.push(`${symbols[0]} ${ctx.now / DAY}`),
      }),
    });
    const all = definePortfolio({
      name: 'all',
      params: z.object({}),
      create: () => ({
        onSlice() {},
        onNews: ({ symbols }, ctx) => void heard.push(`${symbols[0]} ${ctx.now / DAY}`),
      }),
    });
    const news = newsColumns(items);
    await runUniverse(feed, each, 'slices', { news });
    const byEach = heard.splice(0);
    await runUniverse(feed, all, 'slices', { news });
    // All of a day came inside its bar. S2 begins on day 3, so that its strategy hears from day 4 on.
    const expected = days
      .slice(1)
      .flatMap((day) => ['S0', 'S1', 'S2'].map((s) => `${s} ${day + 1}`));
    expect(heard).toEqual(expected);
    expect(byEach).toEqual(expected.filter((one) => !/^S2 [1-4]$/.test(one)));
  });

  it('that come later change nothing of what was decided before', async () => {
    const days = Array.from({ length: 60 }, (_, day) => day);
    const feed = universeFeed([walkOn(days, 1), walkOn(days, 2)]);
    const strategy = defineStrategy({
      name: 'mood',
      params: z.object({}),
      create(_params, { close }) {
        const average = close(sma(3));
        let mood = 0;
        return {
          onBar(bar, ctx) {
            if (mood > 0.5 && bar.close > average.value && ctx.flat) ctx.buy(10);
            else if (mood < -0.5 && ctx.long) ctx.close();
            mood *= 0.8;
          },
          onNews({ sentiment }, ctx) {
            mood += sentiment;
            if (sentiment < -0.9) ctx.close();
            else if (sentiment > 0.9 && ctx.flat) ctx.buy(ctx.size.fraction(0.2));
          },
        };
      },
    });
    const moods = days.flatMap((day) =>
      [0.2, 0.6, 1].map((share, k) =>
        item((day + share) * DAY, {
          sentiment: Math.sin(7 * day + k),
          symbols: [`S${(day + k) % 2}`],
        }),
      ),
    );
    const decided = async (after: number, factor: number) => {
      const other = moods.map((one) =>
        one.availableTs > after ? { ...one, sentiment: one.sentiment * factor } : one,
      );
      const { entries } = await runUniverse(feed, strategy, 'slices', { news: newsColumns(other) });
      return entries.filter(({ ts }) => ts <= after);
    };
    for (const after of [20 * DAY, 33.4 * DAY, 50 * DAY]) {
      const found = await decided(after, 1);
      expect(found.length).toBeGreaterThan(10);
      expect(await decided(after, -1)).toEqual(found);
    }
  });

  it('leave a run as it is when nobody hears them', async () => {
    const quiet = defineStrategy({
      name: 'quiet',
      params: z.object({}),
      create: () => ({ onBar: (_bar, ctx) => void (ctx.flat && ctx.buy(1)) }),
    });
    const { fills, equity } = await run(quiet, [item(20 * HOUR)]);
    const plain = await backtest({
      feed: memoryFeed(defineInstrument({ symbol: 'S0', venue: 'test' }), '7h', sessions(3)),
      strategy: quiet,
      costs: costs.free,
      gaps: 'allow',
    });
    expect(fills).toEqual(plain.fills);
    expect(equity).toEqual(plain.equity);
  });

  it.each([
    ['out of order', { ...newsColumns([item(2), item(3)]), availableTs: Float64Array.of(3, 2) }],
    ['without a time', { ...newsColumns([item(2)]), availableTs: Float64Array.of(Number.NaN) }],
  ])('%s are refused', async (_what, news) => {
    const feed = universeFeed([walkOn([1, 2], 1)]);
    const strategy = listening([]);
    await expect(backtest({ feed, strategy, costs: costs.free, news })).rejects.toThrow(
      /news are not ascending in availableTs at row/,
    );
  });

  it('are asked for when a strategy hears them and none were given', async () => {
    const feed = universeFeed([walkOn([1, 2], 1)]);
    await expect(backtest({ feed, strategy: listening([]), costs: costs.free })).rejects.toThrow(
      /hears news \(onNews\), and the run was given none; give news/,
    );
  });

  it('are heard at once or not at all: an async onNews is refused', async () => {
    const strategy = defineStrategy({
      name: 'waiting',
      params: z.object({}),
      // @ts-expect-error: a handler that waits does not compile
      create: () => ({ onBar() {}, async onNews() {} }),
    });
    const feed = universeFeed([walkOn([1, 2], 1)]);
    await expect(
      backtest({ feed, strategy, costs: costs.free, news: newsColumns([item(1)]) }),
    ).rejects.toThrow(/onNews of strategy waiting is async/);
  });
});
