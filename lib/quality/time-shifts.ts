import { DAY, HOUR, isoDay, MINUTE, type Millis } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import { type CalendarName, sessionsOf } from '../market/calendar.ts';
import type { Sessions } from '../market/sessions/sessions.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { timesOf } from './checked-series.ts';
import { countOf, type Finding } from './finding.ts';

/** A pause this long between two bars parts one trading day from the next. */
const NIGHT = 4 * HOUR;
const SMALLEST_SHIFT = 30 * MINUTE;

/**
 * Bars whose clock is wrong. Of a market with sessions: days that lie whole, first bar and last, the same time away from
 * their session, as when New York time was read as UTC or a clock change was missed; and days on which the market was
 * closed. Of a market that never closes: bars that are not on the grid of their timeframe.
 *
 * @param bars ascending
 */
export function timeShiftFindings(
  bars: BarColumns,
  calendar: CalendarName,
  timeframe: string,
): Finding[] {
  const length = timeframeMillis(timeframe);
  if (bars.openTs.length === 0) return [];
  if (calendar === '24/7') return length <= DAY ? offGrid(bars, length) : [];
  const sessions = sessionsOf(calendar);
  if (length > DAY) return [];
  return length === DAY ? closedDays(bars, sessions) : shiftedDays(bars, sessions, length);
}

/** Merges neighbouring rows or days of one message into a finding. */
class Runs {
  readonly found: Finding[] = [];
  readonly #bars: BarColumns;

  constructor(bars: BarColumns) {
    this.#bars = bars;
  }

  add(from: number, to: number, message: string): void {
    const last = this.found.at(-1);
    const joined = last?.to === from && last.message === message ? this.found.pop()! : undefined;
    const times = timesOf(this.#bars, joined?.from ?? from, to);
    this.found.push({ kind: 'time-shift', severity: 'fault', ...times, message });
  }
}

function offGrid(bars: BarColumns, length: Millis): Finding[] {
  const { openTs } = bars;
  const counts = new Map<number, number>();
  for (let row = 0; row < openTs.length; row++) {
    const phase = openTs[row]! % length;
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  if (counts.size === 1) return [];
  const [usual] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const runs = new Runs(bars);
  for (let row = 0; row < openTs.length; row++) {
    const phase = openTs[row]! % length;
    if (phase === usual) continue;
    runs.add(row, row + 1, `bars open ${(phase - usual) / MINUTE} min off the grid of all others`);
  }
  return runs.found;
}

function closedDays(bars: BarColumns, sessions: Sessions): Finding[] {
  const runs = new Runs(bars);
  for (let row = 0; row < bars.openTs.length; row++) {
    const openTs = bars.openTs[row]!;
    if (!known(sessions, openTs)) continue;
    const { first, end } = sessions.between(openTs, bars.closeTs[row]!);
    if (first === end)
      runs.add(row, row + 1, `a bar on ${isoDay(openTs)}, when ${sessions.name} was closed`);
  }
  return runs.found;
}

function shiftedDays(bars: BarColumns, sessions: Sessions, length: Millis): Finding[] {
  const { openTs, closeTs } = bars;
  const rows = openTs.length;
  const runs = new Runs(bars);
  for (let from = 0; from < rows; ) {
    let to = from + 1;
    while (to < rows && openTs[to]! - closeTs[to - 1]! < NIGHT) to++;
    const opens = openTs[from]!;
    const closes = closeTs[to - 1]!;
    if (known(sessions, opens)) {
      const session = nearest(sessions, (opens + closes) / 2);
      const early = opens - sessions.open[session]!;
      const late = closes - sessions.close[session]!;
      // Whole days only: one that is cut at an end says nothing about the clock, nor do bars that begin at full hours.
      const whole = Math.abs(early - late) < Math.min(length, SMALLEST_SHIFT);
      if (whole && Math.abs(early) >= SMALLEST_SHIFT) {
        const hours = Math.round((4 * early) / HOUR) / 4;
        const away = `${countOf(Math.abs(hours), 'hour').replace('a hour', 'an hour')} ${hours > 0 ? 'after' : 'before'}`;
        runs.add(from, to, `days begin and end ${away} their session`);
      }
    }
    from = to;
  }
  return runs.found;
}

function known(sessions: Sessions, ts: Millis): boolean {
  return ts >= sessions.open[0]! && ts < sessions.open[sessions.count - 1]!;
}

/** The session whose middle is nearest. */
function nearest(sessions: Sessions, ts: Millis): number {
  const next = Math.min(sessions.next(ts), sessions.count - 1);
  const middle = (session: number) => (sessions.open[session]! + sessions.close[session]!) / 2;
  if (next === 0) return 0;
  return Math.abs(middle(next) - ts) < Math.abs(middle(next - 1) - ts) ? next : next - 1;
}
