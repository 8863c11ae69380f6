import { DAY, isoDay, isoTime, type Millis } from '../../core/time.ts';
import { sessionsOf } from '../../market/calendar.ts';
import { newYorkTime } from '../../market/sessions/new-york-time.ts';
import type { Span } from '../../market/spans.ts';
import type { PullSummary } from '../pull.ts';
import { type OpenAlpaca, TornAnswer } from './client.ts';

/** Differences that are told one by one. */
const TOLD = 20;

/**
 * Compares the sessions that Alpaca has between two moments with those of the built-in calendar `us-equity`, which
 * everything here goes by; nothing is stored.
 *
 * @param onNote told of the first differences, and how many more there are
 */
export async function checkCalendar(
  alpaca: OpenAlpaca,
  span: Span,
  onNote: (note: string) => void,
): Promise<PullSummary> {
  const days = await alpaca.ask('the calendar', async ({ trading }) => {
    const found = await trading.calendar.legacyCalendar({
      start: new Date(span.from),
      end: new Date(span.to - 1),
    });
    return found.map(({ date, open, close }) => {
      const day = date.getTime() / DAY;
      return { day, open: newYork(day, open), close: newYork(day, close) };
    });
  });
  const theirs = new Map(days.map((one) => [one.day, one]));
  const sessions = sessionsOf('us-equity');
  let differences = 0;
  for (let day = Math.ceil(span.from / DAY); day * DAY < span.to; day++) {
    const session = sessions.next(day * DAY);
    const open = sessions.open[session]!;
    const own =
      Math.floor(open / DAY) === day ? { open, close: sessions.close[session]! } : undefined;
    const other = theirs.get(day);
    if (own?.open === other?.open && own?.close === other?.close) continue;
    if (++differences > TOLD) continue;
    onNote(`${isoDay(day * DAY)}: built in is ${hours(own)}, Alpaca has ${hours(other)}`);
  }
  if (differences > TOLD) onNote(`${differences - TOLD} more days differ`);
  return { rows: days.length, written: 0, missing: [span], interrupted: false };
}

/** @throws TornAnswer when it is no time of day */
function newYork(day: number, clock: string): Millis {
  const match = /^(\d\d):?(\d\d)$/.exec(clock);
  if (match && Number.isInteger(day))
    return newYorkTime(day, Number(match[1]) * 60 + Number(match[2]));
  throw new TornAnswer(`a session of the calendar opens or closes at "${clock}"; expected HH:MM`);
}

function hours(session: { open: Millis; close: Millis } | undefined): string {
  if (session === undefined) return 'closed';
  return `open ${isoTime(session.open).slice(11, 16)} to ${isoTime(session.close).slice(11, 16)} UTC`;
}
