import { DAY, MINUTE } from '@streamscalp/lib/core/time';
import { tradesFeed } from '@streamscalp/lib/feed/trades-feed';
import { BAR_COLUMNS, type BarColumns } from '@streamscalp/lib/market/bar';
import { TickResampler } from '@streamscalp/lib/market/resample-stream';
import { barsFromTicks } from '@streamscalp/lib/market/resample-ticks';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { syntheticTicks } from '@streamscalp/lib/market/synthetic-ticks';
import { sliceTicks } from '@streamscalp/lib/market/tick';
import { openStore } from '@streamscalp/lib/store/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYN, scratchDirectory } from '../store/scratch.ts';

const rowsOf = (bars: BarColumns) =>
  Array.from(bars.openTs, (_, row) => BAR_COLUMNS.map((name) => bars[name][row]));

const ticks = syntheticTicks(syntheticBars({ seed: 4, startTs: 0, rows: 200 }), 5);

describe('prints that arrive in chunks', () => {
  it('make the bars that all of them make at once, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(ticks.ts.length), { maxLength: 30 }),
        fc.constantFrom('5s', '1m', '7m', '1h'),
        (cuts, timeframe) => {
          const edges = [0, ...cuts.sort((a, b) => a - b), ticks.ts.length];
          const resampler = new TickResampler(timeframe);
          const rows = edges
            .slice(1)
            .flatMap((to, i) => rowsOf(resampler.push(sliceTicks(ticks, edges[i]!, to))));
          expect(rows).toEqual(rowsOf(barsFromTicks(ticks, timeframe)));
        },
      ),
      { seed: 6 },
    );
  });

  it('must ascend from one chunk to the next too', () => {
    const resampler = new TickResampler('1m');
    resampler.push(sliceTicks(ticks, 10, 20));
    expect(() => resampler.push(sliceTicks(ticks, 0, 10))).toThrow(
      'is earlier than the one before',
    );
  });
});

describe('a feed of stored trades', () => {
  it('gives the bars of the trades in the range, each time it is asked', async () => {
    const store = await openStore(scratchDirectory());
    const minutes = syntheticBars({ seed: 7, startTs: DAY - 60 * MINUTE, rows: 120 });
    const prints = syntheticTicks(minutes, 8);
    await store.importBars(SYN, '1m', minutes);
    const id = Float64Array.from(prints.ts, (_, i) => i);
    await store.append('trades', SYN, { ...prints, eventTs: prints.ts, id });
    const query = { venue: SYN.venue, symbol: SYN.symbol, from: DAY - 30 * MINUTE, to: 2 * DAY };
    const feed = await tradesFeed(store, query, '1m');
    for (let pass = 0; pass < 2; pass++) {
      const rows = [];
      for await (const { columns, from, to } of feed.chunks()) {
        expect(from).toBe(0);
        expect(to).toBe(columns.closeTs.length);
        rows.push(...rowsOf(columns));
      }
      const part = sliceTicks(
        prints,
        prints.ts.findIndex((ts) => ts >= query.from),
        prints.ts.length,
      );
      expect(rows).toEqual(rowsOf(barsFromTicks(part, '1m')));
      expect(rows.length).toBe(89);
    }
    store.close();
  });
});
