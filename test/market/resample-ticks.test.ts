import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { MINUTE } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { dollarBars } from '@streamscalp/lib/market/dollar-bars';
import { barsFromTicks } from '@streamscalp/lib/market/resample-ticks';
import { allocateTicks, type TickColumns } from '@streamscalp/lib/market/tick';
import { tickBars } from '@streamscalp/lib/market/tick-bars';
import { firstBarFault } from '@streamscalp/lib/market/validate';
import { volumeBars } from '@streamscalp/lib/market/volume-bars';
import { readBarsCsv } from '@streamscalp/lib/sources/csv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

type Print = readonly [ts: number, price: number, qty: number];

function ticksOf(prints: readonly Print[]): TickColumns {
  const ticks = allocateTicks(prints.length);
  prints.forEach(([ts, price, qty], i) => {
    ticks.ts[i] = ts;
    ticks.price[i] = price;
    ticks.qty[i] = qty;
  });
  return ticks;
}

const rowsOf = (bars: BarColumns) =>
  [...bars.openTs].map((openTs, i) => [
    openTs,
    bars.closeTs[i],
    bars.open[i],
    bars.high[i],
    bars.low[i],
    bars.close[i],
    bars.volume[i],
  ]);

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

describe.skipIf(!hasSharedData)('bars of Binance prints (needs ../shared/data)', () => {
  it('equal the venue’s own minutes in all 2469, prices exactly', async () => {
    const text = gunzipSync(readFileSync(sharedData('ticks_l2/freqtrade_XRP_ETH-trades.json.gz')));
    const trades = JSON.parse(text.toString()) as [number, string, null, string, number, number][];
    const ticks = ticksOf(trades.map(([ts, , , , price, amount]) => [ts, price, amount]));
    const made = barsFromTicks(ticks, '1m', { partial: true });
    const { bars } = await readBarsCsv(sharedData('bars/freqtrade_XRP_ETH-1m.csv'), {
      timeframe: '1m',
    });
    expect(made.openTs.length).toBe(2469);
    for (const name of ['openTs', 'closeTs', 'open', 'high', 'low', 'close', 'volume'] as const) {
      expect(made[name], name).toEqual(bars[name]);
    }
  });
});

describe('bars of prints', () => {
  const prints: Print[] = [
    [60_000, 5, 1],
    [60_000, 7, 2], // the same moment: order of the columns
    [61_000, 4, 1],
    [119_999, 6, 4],
    [120_000, 9, 8], // the next minute begins
    [240_000, 3, 16], // a minute without prints lies between
  ];

  it('of a timeframe hold what was printed from its open until before its close', () => {
    expect(rowsOf(barsFromTicks(ticksOf(prints), '1m', { partial: true }))).toEqual([
      [60_000, 120_000, 5, 7, 4, 6, 8],
      [120_000, 180_000, 9, 9, 9, 9, 8],
      [240_000, 300_000, 3, 3, 3, 3, 16],
    ]);
    expect(barsFromTicks(ticksOf(prints), '1m').openTs.length).toBe(2);
    expect(barsFromTicks(ticksOf([]), '1m').openTs.length).toBe(0);
    expect(() => barsFromTicks(ticksOf([...prints].reverse()), '1m')).toThrow(
      'is earlier than the one before it',
    );
  });

  it('of a count close with the moment in which it is reached', () => {
    expect(rowsOf(tickBars(ticksOf(prints), 1))).toEqual([
      [59_999, 60_000, 5, 7, 5, 7, 3], // two prints of one moment stay together
      [60_000, 61_000, 4, 4, 4, 4, 1],
      [61_000, 119_999, 6, 6, 6, 6, 4],
      [119_999, 120_000, 9, 9, 9, 9, 8],
      [120_000, 240_000, 3, 3, 3, 3, 16],
    ]);
    expect(rowsOf(tickBars(ticksOf(prints), 4))).toEqual([[59_999, 119_999, 5, 7, 4, 6, 8]]);
    expect(tickBars(ticksOf(prints), 4, { partial: true }).openTs.length).toBe(2);
  });

  it('of a volume or of a notional hold at least that, and carry nothing over', () => {
    expect([...volumeBars(ticksOf(prints), 4).volume]).toEqual([4, 4, 8, 16]);
    // 5 + 14 + 4 = 23, then 24, then 72, then 48
    expect([...dollarBars(ticksOf(prints), 20).closeTs]).toEqual([
      61_000, 119_999, 120_000, 240_000,
    ]);
    expect(() => dollarBars(ticksOf(prints), 0)).toThrow('give a number above 0');
  });

  it('keep all prints and are bars that a store would take', () => {
    const gap = fc.constantFrom(0, 0, 1, 40, 7 * MINUTE);
    const print = fc.tuple(gap, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(print, { minLength: 1 }), fc.integer({ min: 1, max: 60 }), (list, n) => {
        let ts = 1_000_000;
        const ticks = ticksOf(
          list.map(([wait, price, qty]) => {
            ts += wait;
            return [ts, price, qty];
          }),
        );
        for (const bars of [
          barsFromTicks(ticks, '1m', { partial: true }),
          tickBars(ticks, n, { partial: true }),
          volumeBars(ticks, n, { partial: true }),
          dollarBars(ticks, n, { partial: true }),
        ]) {
          expect(firstBarFault(bars)).toBeUndefined();
          expect(sum(bars.volume)).toBe(sum(ticks.qty));
          expect(Math.max(...bars.high)).toBe(Math.max(...ticks.price));
          expect(Math.min(...bars.low)).toBe(Math.min(...ticks.price));
          expect([bars.open[0], bars.close.at(-1)]).toEqual([ticks.price[0], ticks.price.at(-1)]);
        }
        expect(volumeBars(ticks, n).volume.every((volume) => volume >= n)).toBe(true);
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});
