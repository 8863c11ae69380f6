import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { sessionsOf } from '@streamscalp/lib/market/calendar';
import { Sessions } from '@streamscalp/lib/market/sessions/sessions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

interface Golden {
  sessions: number;
  sha256OfOpenCloseMillisLines: string;
  weekdaysClosed: Record<string, string>;
  earlyCloses: Record<string, string>;
}

const golden: Golden = JSON.parse(
  readFileSync(join(PROJECT_ROOT, 'test/golden/xnys-sessions.json'), 'utf8'),
);
const us = sessionsOf('us-equity');
const utc = sessionsOf('24/7');

const newYork = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
});

/** `2024-03-01, 09:30` as a clock in New York shows it. */
const onTheClock = (ts: number) => newYork.format(ts);

const time = (text: string) => Date.parse(text);

/** Days of a year as the golden file writes them. */
function byYear(days: readonly string[]): Record<string, string> {
  const years: Record<string, string> = {};
  for (const day of days) {
    const year = day.slice(0, 4);
    years[year] = `${years[year] ?? ''} ${day.slice(4)}`.trim();
  }
  return years;
}

describe('sessions of the US stock exchanges', () => {
  const days = [...us.open].map((ts) => onTheClock(ts).slice(0, 10).replaceAll('-', ''));

  it('are closed on the same weekdays of 1990 to 2030 as in exchange_calendars', () => {
    const traded = new Set(days);
    const closed = [];
    for (let ts = time('1990-01-01'); ts < time('2031-01-01'); ts += DAY) {
      const day = new Date(ts).toISOString().slice(0, 10).replaceAll('-', '');
      if (new Date(ts).getUTCDay() % 6 !== 0 && !traded.has(day)) closed.push(day);
    }
    expect(byYear(closed)).toEqual(golden.weekdaysClosed);
  });

  it('close early on the same days, at the same time', () => {
    const early = days.flatMap((day, i) => {
      const close = onTheClock(us.close[i]!).slice(12).replace(':', '');
      return close === '1600' ? [] : [`${day}:${close}`];
    });
    expect(byYear(early)).toEqual(golden.earlyCloses);
  });

  it('open and close at the same millisecond, each of 10,322', () => {
    const lines = days.map((_day, i) => `${us.open[i]} ${us.close[i]}\n`).join('');
    expect(us.count).toBe(golden.sessions);
    expect(createHash('sha256').update(lines).digest('hex')).toBe(
      golden.sha256OfOpenCloseMillisLines,
    );
  });

  it('open at 09:30 in New York, also after the days of 23 and 25 hours', () => {
    expect(new Set(days.map((_day, i) => onTheClock(us.open[i]!).slice(12)))).toEqual(
      new Set(['09:30']),
    );
    // Friday to Monday over a change of clocks: 71 hours in spring, 73 in autumn, 72 otherwise.
    const wait = (friday: string) => {
      const i = us.at(time(`${friday}T16:00Z`));
      return (us.open[i + 1]! - us.open[i]!) / HOUR;
    };
    expect(wait('2024-03-08')).toBe(71);
    expect(wait('2024-11-01')).toBe(73);
    expect(wait('2024-03-15')).toBe(72);
    expect(wait('2006-03-31')).toBe(71);
    expect(wait('2006-10-27')).toBe(73);
  });
});

describe('a moment', () => {
  const monday = us.at(time('2024-07-01T15:00Z'));

  it.each([
    ['before the open', '2024-07-01T13:29:59.999Z', -1, -1, 0],
    ['at the open', '2024-07-01T13:30Z', 0, -1, 0],
    ['after the open', '2024-07-01T13:31Z', 0, 0, 0],
    ['before the close', '2024-07-01T19:59:59.999Z', 0, 0, 0],
    ['at the close', '2024-07-01T20:00Z', -1, 0, 1],
    ['after the close', '2024-07-01T20:00:00.001Z', -1, -1, 1],
    ['at the early close of a half day', '2024-07-03T17:00Z', -1, 2, 3],
    ['on a holiday', '2024-07-04T15:00Z', -1, -1, 3],
    ['on a Saturday', '2024-07-06T15:00Z', -1, -1, 4],
  ])('%s is found in its session', (_claim, text, at, endingAt, next) => {
    const ts = time(text);
    const number = (session: number) => (session < 0 ? -1 : session - monday);
    expect([us.at(ts), us.endingAt(ts), us.next(ts)].map(number)).toEqual([at, endingAt, next]);
    expect(us.isOpen(ts)).toBe(at >= 0);
  });

  it('is in the UTC day of its market that never closes', () => {
    const midnight = time('2024-03-01');
    expect(utc.open[utc.at(midnight)]).toBe(midnight);
    expect(utc.at(midnight - 1)).toBe(utc.at(midnight) - 1);
    expect(utc.endingAt(midnight)).toBe(utc.at(midnight) - 1);
    expect(utc.isOpen(0)).toBe(true);
    expect(utc.count).toBe((time('2070-01-01') - 0) / DAY);
  });

  it('outside the years that are known is refused', () => {
    expect(() => us.at(time('1985-01-02'))).toThrow(
      /sessions of us-equity are known from 1990-01-02 to 2030-12-31, not at 1985-01-02/,
    );
    expect(() => us.at(time('2035-01-02'))).toThrow(/not at 2035-01-02/);
    expect(() => us.at(Number.NaN)).toThrow(/not at \?/);
    expect(us.next(time('1990-01-01'))).toBe(0);
    expect(us.next(time('2031-01-01'))).toBe(us.count);
    expect(us.at(time('2031-01-01'))).toBe(-1);
  });
});

describe('sessions between two moments', () => {
  it.each([
    ['a week with a holiday', '2024-07-01', '2024-07-08', 4],
    ['a weekend', '2024-07-06', '2024-07-08', 0],
    ['a part of a session', '2024-07-01T15:00Z', '2024-07-01T15:01Z', 1],
    ['up to the open', '2024-07-01', '2024-07-01T13:30Z', 0],
    ['from the close', '2024-07-01T20:00Z', '2024-07-02', 0],
    ['the year 2024', '2024-01-01', '2025-01-01', 252],
    ['the days after the attack', '2001-09-11', '2001-09-17', 0],
    ['nothing, backwards', '2024-07-03', '2024-07-01', 0],
  ])('in %s are counted', (_claim, from, to, count) => {
    const { first, end } = us.between(time(from), time(to));
    expect(end - first).toBe(count);
  });
});

describe('sessions of any market', () => {
  it('that overlap midnight or share a day are found as by looking at each', () => {
    const gaps = fc.array(
      fc.record({
        wait: fc.integer({ min: 0, max: 2000 }),
        length: fc.integer({ min: 1, max: 3000 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(gaps, fc.integer({ min: -2000, max: 30_000 }), (spans, minute) => {
        const open: number[] = [];
        const close: number[] = [];
        let at = time('2024-01-01');
        for (const { wait, length } of spans) {
          open.push(at + wait * MINUTE);
          close.push(open.at(-1)! + length * MINUTE);
          at = close.at(-1)!;
        }
        const ts = Math.min(open[0]! + minute * MINUTE, at + 6 * DAY);
        const market = new Sessions('test', Float64Array.from(open), Float64Array.from(close));
        expect(market.at(ts)).toBe(open.findIndex((start, i) => start <= ts && ts < close[i]!));
        expect(market.endingAt(ts)).toBe(
          open.findIndex((start, i) => start < ts && ts <= close[i]!),
        );
        expect(market.next(ts)).toBe(close.filter((end) => end <= ts).length);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
