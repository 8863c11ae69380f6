import { MINUTE, YEAR } from '@streamscalp/lib/core/time';
import { type BarColumns, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { syntheticTicks } from '@streamscalp/lib/market/synthetic-ticks';
import type { TickColumns } from '@streamscalp/lib/market/tick';
import { firstBarFault } from '@streamscalp/lib/market/validate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const startTs = Date.UTC(2024, 0);

describe('synthetic bars', () => {
  it('are the same for a seed and a prefix of a longer series, and differ for another seed', () => {
    const bars = syntheticBars({ seed: 1, startTs, rows: 500 });
    expect(sliceBars(syntheticBars({ seed: 1, startTs, rows: 800 }), 0, 500)).toEqual(bars);
    expect(syntheticBars({ seed: 2, startTs, rows: 500 }).close).not.toEqual(bars.close);
  });

  it('are bars a market could have printed, each opening where the last one closed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0.01, 0.5, 1e-4), (seed, tickSize) => {
        const bars = syntheticBars({ seed, startTs, rows: 300, tickSize });
        expect(firstBarFault(bars)).toBeUndefined();
        for (let i = 1; i < 300; i++) {
          expect(bars.open[i]).toBe(bars.close[i - 1]);
          expect(bars.openTs[i]).toBe(bars.closeTs[i - 1]);
        }
        for (const price of bars.high) {
          expect(Math.abs(price / tickSize - Math.round(price / tickSize))).toBeLessThan(1e-6);
        }
      }),
      { seed: 6, numRuns: 20 },
    );
  });

  it('have the volatility asked for and no drift, within three standard errors', () => {
    const rows = 200_000;
    const { close } = syntheticBars({ seed: 7, startTs, rows, volatility: 0.8, tickSize: 1e-6 });
    let sum = 0;
    let squares = 0;
    for (let i = 1; i < rows; i++) {
      const change = close[i]! / close[i - 1]! - 1;
      sum += change;
      squares += change * change;
    }
    const deviation = Math.sqrt(squares / rows);
    const annual = deviation * Math.sqrt(YEAR / MINUTE);
    expect(Math.abs(annual / 0.8 - 1)).toBeLessThan(3 / Math.sqrt(2 * rows));
    expect(Math.abs(sum / rows)).toBeLessThan((3 * deviation) / Math.sqrt(rows));
  });
});

/** The bars that a venue would make of prints: first, highest, lowest, last, summed. */
function barsOfTicks(ticks: TickColumns, bars: BarColumns, row: number) {
  const inside = [...ticks.ts.keys()].filter(
    (i) => ticks.ts[i]! >= bars.openTs[row]! && ticks.ts[i]! < bars.closeTs[row]!,
  );
  const prices = inside.map((i) => ticks.price[i]!);
  return {
    open: prices[0],
    high: Math.max(...prices),
    low: Math.min(...prices),
    close: prices.at(-1),
    volume: inside.reduce((sum, i) => sum + ticks.qty[i]!, 0),
  };
}

describe('synthetic ticks', () => {
  it('make up the bars they came from', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const bars = syntheticBars({ seed, startTs, rows: 20 });
        const ticks = syntheticTicks(bars, seed);
        for (let row = 0; row < 20; row++) {
          const { volume, ...prices } = barsOfTicks(ticks, bars, row);
          expect(prices).toEqual({
            open: bars.open[row],
            high: bars.high[row],
            low: bars.low[row],
            close: bars.close[row],
          });
          expect(volume).toBeCloseTo(bars.volume[row]!, 9);
        }
        expect(ticks.ts.every((ts, i) => ts >= (ticks.ts[i - 1] ?? 0))).toBe(true);
        expect(ticks.qty.every((qty) => qty > 0)).toBe(true);
        expect(ticks.aggressor.every((side) => side === 1 || side === -1)).toBe(true);
      }),
      { seed: 8, numRuns: 30 },
    );
  });
});
