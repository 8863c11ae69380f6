import { HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { joinAsOf, rowsAsOf } from '@streamscalp/lib/market/as-of';
import { barsFromRows } from '@streamscalp/lib/market/bar';
import { sessionBars } from '@streamscalp/lib/market/resample-sessions';
import { describe, expect, it } from 'vitest';

const bar = (openTs: number, price: number, length = 30 * MINUTE) => ({
  openTs,
  closeTs: openTs + length,
  open: price,
  high: price + 1,
  low: price - 1,
  close: price + 0.5,
  volume: 10,
});

describe('session bars', () => {
  // Thanksgiving 2024 was on 11-28: New York traded 14:30 to 21:00 UTC on the 27th, to 18:00 on the 29th.
  const whole = (day: number, from: number, bars: number) =>
    Array.from({ length: bars }, (_, i) =>
      bar(Date.UTC(2024, 10, day, 14, 30) + i * 30 * MINUTE, from + i),
    );
  const days = [...whole(27, 100, 13), ...whole(29, 200, 7)];

  it('end with the session, on a half day at 13:00 in New York', () => {
    const bars = sessionBars(barsFromRows(days), 'us-equity');
    expect([...bars.openTs]).toEqual([
      Date.UTC(2024, 10, 27, 14, 30),
      Date.UTC(2024, 10, 29, 14, 30),
    ]);
    expect([...bars.closeTs]).toEqual([Date.UTC(2024, 10, 27, 21), Date.UTC(2024, 10, 29, 18)]);
    expect([...bars.open]).toEqual([100, 200]);
    expect([...bars.high]).toEqual([113, 207]);
    expect([...bars.low]).toEqual([99, 199]);
    expect([...bars.close]).toEqual([112.5, 206.5]);
    expect([...bars.volume]).toEqual([130, 70]);
  });

  it('leave out extended trading, and a session that is not over', () => {
    const early = bar(Date.UTC(2024, 10, 27, 12), 1);
    const late = bar(Date.UTC(2024, 10, 29, 19), 900);
    const all = sessionBars(barsFromRows([early, ...days, late]), 'us-equity');
    expect([...all.low]).toEqual([99, 199]);
    const cut = barsFromRows(days.slice(0, -1));
    expect(sessionBars(cut, 'us-equity').openTs.length).toBe(1);
    expect(sessionBars(cut, 'us-equity', { partial: true }).openTs.length).toBe(2);
  });

  it('follow the clock of New York when it changes', () => {
    const summer = barsFromRows([bar(Date.UTC(2024, 6, 9, 13, 30), 5)]); // 09:30 in New York
    const [openTs] = sessionBars(summer, 'us-equity', { partial: true }).openTs;
    expect(openTs).toBe(Date.UTC(2024, 6, 9, 13, 30));
  });

  it('refuse a bar that begins before the session and ends in it', () => {
    const clockHour = barsFromRows([bar(Date.UTC(2024, 10, 27, 14), 1, HOUR)]);
    expect(() => sessionBars(clockHour, 'us-equity')).toThrow('is not within the session');
  });

  it('of a market that never closes are UTC days', () => {
    const hours = Array.from({ length: 48 }, (_, i) => bar(Date.UTC(2024, 0, 1, i), i, HOUR));
    const bars = sessionBars(barsFromRows(hours), '24/7');
    expect([...bars.openTs]).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2)]);
    expect([...bars.volume]).toEqual([240, 240]);
  });
});

describe('an as-of join', () => {
  const known = Float64Array.of(10, 20, 20, 30);

  it('takes the last row that was known by then, and none from the future', () => {
    const at = Float64Array.of(9, 10, 19, 20, 29, 99);
    expect([...rowsAsOf(at, known)]).toEqual([-1, 0, 0, 2, 2, 3]);
    expect([...rowsAsOf(at, known, 8)]).toEqual([-1, 0, -1, 2, -1, -1]);
    expect([...rowsAsOf(at, new Float64Array(0))]).toEqual([-1, -1, -1, -1, -1, -1]);
  });

  it('gives columns with NaN where nothing was known', () => {
    const { rate } = joinAsOf(Float64Array.of(5, 25), known, {
      rate: Float64Array.of(1, 2, 3, 4),
    });
    expect([...rate]).toEqual([Number.NaN, 3]);
  });
});
