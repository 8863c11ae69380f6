import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { type BarColumns, barsFromRows } from '@streamscalp/lib/market/bar';
import { gapsOf, refuseUnknownGaps, unknownGaps } from '@streamscalp/lib/market/gaps';
import { barCoverage, coverageTotals, slotCoverage } from '@streamscalp/lib/quality/coverage';
import { describe, expect, it } from 'vitest';

function barsAt(opens: readonly number[], length: number, volume = 1): BarColumns {
  return barsFromRows(
    opens.map((openTs) => ({
      openTs,
      closeTs: openTs + length,
      open: 1,
      high: 1,
      low: 1,
      close: 1,
      volume,
    })),
  );
}

describe('gaps', () => {
  it('of a market that never closes are all time without bars', () => {
    const bars = barsAt(
      [0, 1, 2, 5, 6].map((i) => i * MINUTE),
      MINUTE,
    );
    expect(gapsOf(bars, '24/7', '1m')).toEqual([
      { fromTs: 3 * MINUTE, toTs: 5 * MINUTE, missing: 2, resumedTs: 6 * MINUTE },
    ]);
  });

  it('of US shares are sessions without a bar, not weekends and holidays', () => {
    // 2024: the 15th of January was Martin Luther King Day, a Monday; Wednesday the 17th is missing.
    const days = [11, 12, 16, 18].map((day) => Date.UTC(2024, 0, day));
    expect(gapsOf(barsAt(days, DAY), 'us-equity', '1d')).toEqual([
      {
        fromTs: Date.UTC(2024, 0, 17),
        toTs: Date.UTC(2024, 0, 18),
        missing: 1,
        resumedTs: Date.UTC(2024, 0, 19),
      },
    ]);
    const stampedInNewYork = days.map((day) => day + 5 * HOUR);
    expect(gapsOf(barsAt(stampedInNewYork, DAY), 'us-equity', '1d').length).toBe(1);
  });

  it('within a session count the bars that would fit, until 13:00 on a half day', () => {
    // 2024-11-29 traded 14:30 to 18:00 UTC; the next session is Monday's, from 14:30.
    const opens = [Date.UTC(2024, 10, 29, 16), Date.UTC(2024, 11, 2, 15)];
    const [gap] = gapsOf(barsAt(opens, 30 * MINUTE), 'us-equity', '30m');
    expect(gap?.missing).toBe(3 + 1);
    const whole = [Date.UTC(2024, 10, 29, 17, 30), Date.UTC(2024, 11, 2, 14, 30)];
    expect(gapsOf(barsAt(whole, 30 * MINUTE), 'us-equity', '30m')).toEqual([]);
  });

  it('do not reach into years that the calendar does not know', () => {
    const days = [Date.UTC(1962, 0, 2), Date.UTC(1962, 0, 9)];
    expect(gapsOf(barsAt(days, DAY), 'us-equity', '1d')).toEqual([]);
  });

  it('that the venue has answered for are no longer unknown', () => {
    const bars = barsAt(
      [0, 10, 20].map((i) => i * MINUTE),
      MINUTE,
    );
    const answered = [{ from: 0, to: 12 * MINUTE }];
    expect(unknownGaps(bars, '24/7', '1m').map(({ missing }) => missing)).toEqual([9, 9]);
    expect(unknownGaps(bars, '24/7', '1m', { answered })).toEqual([
      { fromTs: 12 * MINUTE, toTs: 20 * MINUTE, missing: 8, resumedTs: 21 * MINUTE },
    ]);
  });

  it('that are weekends say that the calendar may be the wrong one', () => {
    const weekdays = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15].map((i) => (i + 4) * DAY); // 1970-01-05, a Monday
    const gaps = unknownGaps(barsAt(weekdays, DAY), '24/7', '1d');
    expect(() =>
      refuseUnknownGaps({ series: 'SPY on x', timeframe: '1d', calendar: '24/7', gaps }),
    ).toThrow('have 2 gaps (4 × 1d)');
    expect(() =>
      refuseUnknownGaps({ series: 'SPY on x', timeframe: '1d', calendar: '24/7', gaps }),
    ).toThrow('most are weekends: if the market is closed then, say so by --calendar us-equity');
  });

  it('refuse a run with the place, the size and the ways out', () => {
    const bars = barsAt(
      [0, 2, 9].map((i) => Date.UTC(2024, 2, 1) + i * MINUTE),
      MINUTE,
    );
    const gaps = unknownGaps(bars, '24/7', '1m');
    const series = { series: 'BTC/USDT on binance', timeframe: '1m', calendar: '24/7' } as const;
    expect(() => refuseUnknownGaps({ ...series, gaps })).toThrow(
      "bars of BTC/USDT on binance have 2 gaps (7 × 1m) of which it is unknown whether nothing traded or data is lost: the first of 1 × 1m after 2024-03-01T00:01:00.000Z, the longest of 6 × 1m after 2024-03-01T00:03:00.000Z; if the market was closed then, say so by --calendar; else pull or import what is missing (`lab data check` lists it), or run over the gaps by gaps: 'allow' (--gaps allow)",
    );
    expect(() => refuseUnknownGaps({ ...series, gaps: [] })).not.toThrow();
  });
});

describe('coverage', () => {
  it('tells present, no-trade, outage and unknown apart', () => {
    const bars = barsAt(
      [0, 1, 10, 20].map((i) => i * MINUTE),
      MINUTE,
    );
    bars.volume[1] = 0;
    const known = {
      answered: [{ from: 0, to: 6 * MINUTE }],
      outages: [{ from: 4 * MINUTE, to: 8 * MINUTE }],
    };
    const spans = barCoverage(bars, '24/7', '1m', known);
    expect(spans.map(({ state, count }) => `${state} ${count}`)).toEqual([
      'present 1',
      'no-trade 3', // the bar without volume, and two minutes the venue has answered for
      'outage 4',
      'unknown 2',
      'present 1',
      'unknown 9',
      'present 1',
    ]);
    expect(coverageTotals(spans)).toEqual({ present: 3, 'no-trade': 3, outage: 4, unknown: 11 });
  });

  it('of an index without volumes is present', () => {
    const spans = barCoverage(barsAt([0, MINUTE], MINUTE, 0), '24/7', '1m');
    expect(coverageTotals(spans).present).toBe(2);
  });

  it('of prints is by the hours that hold some', () => {
    expect(slotCoverage([3, 4, 7], HOUR)).toEqual([
      { fromTs: 3 * HOUR, toTs: 5 * HOUR, state: 'present', count: 2 },
      { fromTs: 5 * HOUR, toTs: 7 * HOUR, state: 'unknown', count: 2 },
      { fromTs: 7 * HOUR, toTs: 8 * HOUR, state: 'present', count: 1 },
    ]);
  });
});
