import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { checkSeries } from '@streamscalp/lib/quality/check-series';
import type { CheckedSeries } from '@streamscalp/lib/quality/checked-series';
import { crossedBooks, crossedQuotes } from '@streamscalp/lib/quality/crossed';
import type { Finding } from '@streamscalp/lib/quality/finding';
import { repairSeries } from '@streamscalp/lib/quality/repair';
import { describe, expect, it } from 'vitest';

const START = Date.UTC(2024, 0, 1);
const minutes = () => syntheticBars({ seed: 21, startTs: START, rows: 2000 });

function seriesOf(bars: BarColumns, more: Partial<CheckedSeries> = {}): CheckedSeries {
  return { bars, timeframe: '1m', calendar: '24/7', splitBasis: 'raw', ...more };
}

/** What `spoil` plants into clean minutes, as `kind from-to`. */
function planted(spoil: (bars: BarColumns) => void): string[] {
  const bars = minutes();
  spoil(bars);
  return named(checkSeries(seriesOf(bars)));
}

const named = (findings: readonly Finding[]) =>
  findings.map(({ kind, severity, from, to }) => `${kind} ${severity} ${from}-${to}`);

function scaleRows(bars: BarColumns, from: number, to: number, factor: number): void {
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    for (let row = from; row < to; row++) bars[name][row]! *= factor;
  }
}

/** Sessions of New York as bars of half an hour, 13 a day, some hours off the clock. */
function sessionDays(days: number, hoursOff: (day: number) => number): BarColumns {
  const rows = Array.from({ length: days * 13 }, (_, i) => {
    const day = Math.floor(i / 13);
    // From Monday 2024-02-05, weekdays only, 09:30 in New York is 14:30 UTC.
    const date = Date.UTC(2024, 1, 5 + day + 2 * Math.floor(day / 5), 14, 30);
    const openTs = date + (i % 13) * 30 * MINUTE + hoursOff(day) * HOUR;
    const price = 100 + Math.sin(i);
    const [high, low] = [price + 1, price - 1];
    return {
      openTs,
      closeTs: openTs + 30 * MINUTE,
      open: price,
      high,
      low,
      close: price,
      volume: i + 1,
    };
  });
  return barsFromRows(rows);
}

describe('the checks', () => {
  it('find nothing in clean bars, of several seeds', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const bars = syntheticBars({ seed, startTs: START, rows: 3000 });
      expect(named(checkSeries(seriesOf(bars))), `seed ${seed}`).toEqual([]);
    }
  });

  it('find a row that opens when another does, and say in what it differs', () => {
    const bars = minutes();
    for (const name of ['openTs', 'closeTs', 'open', 'high', 'low', 'close', 'volume'] as const) {
      bars[name].copyWithin(601, 600, 601);
    }
    bars.volume[601]! += 1;
    const found = checkSeries(seriesOf(bars));
    expect(named(found)).toEqual(['duplicate fault 601-602', 'gap fault 601-601']);
    expect(found[0]!.message).toContain(`with volume ${bars.volume[601]} instead of`);
  });

  it('find rows that go back in time, and compare the rest in order', () => {
    const found = planted((bars) => {
      for (const name of ['openTs', 'closeTs', 'open', 'high', 'low', 'close', 'volume'] as const) {
        const column = bars[name];
        [column[700], column[701]] = [column[701]!, column[700]!];
      }
    });
    expect(found).toEqual(['order fault 701-702']);
  });

  it('find a low above the high, a price of 0, and a close outside the range', () => {
    const found = planted((bars) => {
      bars.low[10] = bars.high[10]! * 1.01;
      bars.open[20] = 0;
      bars.close[30] = bars.high[30]! * 1.001;
    });
    expect(found).toEqual(['high-low fault 10-11', 'value fault 20-21', 'high-low fault 30-31']);
  });

  it('find a spike, one finding for both of its steps', () => {
    expect(planted((bars) => scaleRows(bars, 900, 901, 1.2))).toEqual(['spike fault 900-901']);
    const traded = planted((bars) => {
      scaleRows(bars, 900, 901, 0.8);
      bars.volume[900] = 0;
    });
    expect(traded).toEqual(['spike notice 900-901', 'zero-volume notice 900-901']);
  });

  it('find runs in another unit of currency, at the start, the middle and the very end', () => {
    expect(planted((bars) => scaleRows(bars, 0, 800, 100))).toEqual(['hundredfold fault 0-800']);
    expect(planted((bars) => scaleRows(bars, 500, 510, 0.01))).toEqual([
      'hundredfold fault 500-510',
    ]);
    expect(planted((bars) => scaleRows(bars, 1999, 2000, 100))).toEqual([
      'hundredfold fault 1999-2000',
    ]);
  });

  it('find bars that repeat, stand still, or have no volume', () => {
    const found = planted((bars) => {
      for (const name of ['open', 'high', 'low', 'close', 'volume'] as const) {
        bars[name].fill(bars[name][100]!, 100, 107);
      }
    });
    expect(found).toEqual(['stale fault 100-107']);
  });

  it('find days that lie hours away from their session, and days on which it was closed', () => {
    const more = { calendar: 'us-equity', timeframe: '30m' } as const;
    const right = sessionDays(10, () => 0);
    expect(checkSeries(seriesOf(right, more))).toEqual([]);
    const found = checkSeries(
      seriesOf(
        sessionDays(10, (day) => (day >= 4 && day < 7 ? -5 : 0)),
        more,
      ),
    );
    const shifts = found.filter(({ kind }) => kind === 'time-shift');
    expect(shifts).toMatchObject([
      { from: 52, to: 91, message: 'days begin and end 5 hours before their session' },
    ]);
    // Bars of clock hours begin before the session and end with it: that is no shift.
    const hour = (i: number) => Date.UTC(2024, 1, 5 + Math.floor(i / 7), 14 + (i % 7));
    const hours = barsFromRows(
      Array.from({ length: 35 }, (_, i) => ({
        ...{ openTs: hour(i), closeTs: hour(i) + HOUR, volume: i + 1 },
        ...{ open: 9, high: 11 + (i % 3), low: 8, close: 10 },
      })),
    );
    expect(checkSeries(seriesOf(hours, { ...more, timeframe: '1h' }))).toEqual([]);
    const days = [Date.UTC(2024, 0, 12), Date.UTC(2024, 0, 13)].map((openTs, i) => ({
      ...{ openTs, closeTs: openTs + DAY, open: 9 + i, high: 11, low: 8, close: 10, volume: 1 },
    }));
    const weekend = checkSeries(seriesOf(barsFromRows(days), { ...more, timeframe: '1d' }));
    expect(weekend.map(({ message }) => message)).toEqual([
      'a bar on 2024-01-13, when us-equity was closed',
    ]);
  });

  it('find a split that is not declared, one that prices do not follow, and leave the right one alone', () => {
    const day = (i: number, price: number) => ({
      ...{ openTs: START + i * DAY, closeTs: START + (i + 1) * DAY, volume: 1000 + i },
      ...{ open: price * 1.002, high: price * 1.01, low: price * 0.99, close: price },
    });
    const wave = (i: number) => 100 + 2 * Math.sin(i * 1.7);
    const halved = barsFromRows(
      Array.from({ length: 60 }, (_, i) => day(i, wave(i) / (i < 40 ? 1 : 2))),
    );
    const level = barsFromRows(Array.from({ length: 60 }, (_, i) => day(i, wave(i))));
    const declared = new Float64Array(60);
    declared[40] = 2;
    const check = (bars: BarColumns, splitRatio?: Float64Array) =>
      named(
        checkSeries({
          bars,
          timeframe: '1d',
          splitBasis: 'raw',
          ...(splitRatio && { splitRatio }),
        }),
      );
    expect(check(halved)).toEqual(['missing-split fault 40-41']);
    expect(check(halved, declared)).toEqual([]);
    expect(check(level, declared)).toEqual(['split fault 0-40']);
    expect(check(level)).toEqual([]);
  });

  it('repair what is off by a factor, and nothing else', () => {
    const [bars, clean] = [minutes(), minutes()];
    scaleRows(bars, 300, 400, 100);
    const series = seriesOf(bars);
    const { bars: repaired } = repairSeries(series, checkSeries(series));
    for (let row = 0; row < 2000; row++) {
      expect(repaired.close[row]! / clean.close[row]!).toBeCloseTo(1, 12);
    }
    expect(bars.close[300]! / clean.close[300]!).toBeCloseTo(100, 9); // the original is left alone
  });
});

describe('crossed markets', () => {
  it('are runs of quotes with the bid above the ask; locked ones are a notice', () => {
    const found = crossedQuotes({
      ts: Float64Array.of(1, 2, 3, 4, 5),
      bid: Float64Array.of(9, 11, 12, 10, Number.NaN),
      ask: Float64Array.of(10, 10, 10, 10, 10),
    });
    expect(named(found)).toEqual(['crossed fault 1-3', 'crossed notice 3-4']);
  });

  it('are updates of a book that leave it so, not those that are crossed on the way', () => {
    const found = crossedBooks({
      ts: Float64Array.of(1, 1, 1, 2, 2, 3, 4),
      seq: Float64Array.of(1, 1, 1, 2, 2, 3, 4),
      event: Int8Array.of(0, 1, 1, 1, 1, 1, 1),
      side: Int8Array.of(0, 1, -1, 1, -1, 1, 1),
      price: Float64Array.of(0, 10, 11, 12, 11, 13, 13),
      // The bid at 12 takes the ask at 11 out in one update: empty side, not crossed.
      qty: Float64Array.of(0, 1, 1, 1, 0, 1, 0),
    });
    expect(found).toEqual([]);
    const crossed = crossedBooks({
      ts: Float64Array.of(1, 1, 2, 3),
      seq: Float64Array.of(1, 1, 2, 3),
      event: Int8Array.of(1, 1, 1, 1),
      side: Int8Array.of(1, -1, 1, 1),
      price: Float64Array.of(10, 11, 12, 12),
      qty: Float64Array.of(1, 1, 1, 0),
    });
    expect(crossed).toMatchObject([
      { from: 2, to: 3, message: 'the book is crossed: best bid 12, best ask 11' },
    ]);
  });
});
