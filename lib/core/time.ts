import { LabError } from './errors.ts';

/** UTC epoch milliseconds as a float64; microseconds are a fraction. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60_000;
export const HOUR: Millis = 3_600_000;
export const DAY: Millis = 86_400_000;
/** The mean Gregorian year of 365.25 days, the calendar-time unit of CAGR. */
export const YEAR: Millis = 365.25 * DAY;

/** `2024-03-01T10:00:00.000Z`, or `?` for NaN, so that an error message can always be built. */
export function isoTime(ts: Millis): string {
  return Number.isFinite(ts) ? new Date(ts).toISOString() : '?';
}

/** `2024-03-01`, the UTC day. */
export function isoDay(ts: Millis): string {
  return isoTime(ts).slice(0, 10);
}

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads a moment a person typed: `2024-03-01`, `2024-03-01T10:00` (UTC unless a zone is given) or epoch milliseconds.
 *
 * @throws LabError `usage` when it is none of these
 */
export function parseMoment(text: string): Millis {
  const trimmed = text.trim();
  if (/^-?\d{9,}$/.test(trimmed)) return Number(trimmed);
  if (ISO.test(trimmed)) {
    const normal = trimmed.replace(' ', 'T');
    const zoned =
      normal.length === 10 || /(Z|[+-]\d{2}:?\d{2})$/.test(normal) ? normal : `${normal}Z`;
    const ts = Date.parse(zoned);
    if (Number.isFinite(ts)) return ts;
  }
  throw new LabError(
    'usage',
    `time "${text}" is not a date; write 2024-03-01, 2024-03-01T10:00Z or epoch milliseconds`,
  );
}
