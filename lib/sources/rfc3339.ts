import type { Millis } from '../core/time.ts';

/** `2024-03-01T10:00:00.123456789Z` as epoch milliseconds with the microseconds as a fraction; NaN when it is no moment. */
export function rfc3339Millis(text: string): Millis {
  const match = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i.exec(text);
  if (!match) return Number.NaN;
  const [, seconds, fraction = '', zone] = match;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  return Date.parse(`${seconds}${zone}`) + micros / 1000;
}
