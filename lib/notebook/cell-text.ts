import type { Millis } from '../core/time.ts';
import { formatNumber, formatPercent, formatTime, UNKNOWN } from '../report/format.ts';

/** How the numbers of a column are written; a number says with how many digits after the point. */
export type ColumnFormat =
  | number
  | 'percent'
  | 'time'
  | { readonly tick: number }
  | ((value: number) => string);

/**
 * One cell as a person reads it.
 *
 * @param name of the column: those named `ts` or `…Ts` hold times
 * @param zone IANA zone of times; UTC when absent
 */
export function cellText(
  value: unknown,
  name: string,
  format: ColumnFormat | undefined,
  zone?: string,
): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return timeText(value.getTime(), zone);
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  if (typeof format === 'function') return format(Number(value));
  if (typeof format === 'number') return formatNumber(Number(value), format);
  if (format === 'percent') return formatPercent(Number(value));
  if (format === 'time' || (format === undefined && /(^ts|Ts)$/.test(name))) {
    return timeText(Number(value), zone);
  }
  if (format !== undefined) return formatNumber(Number(value), tickDigits(format.tick));
  if (typeof value === 'bigint' || Number.isInteger(value)) return value.toLocaleString('en-US');
  return Number.isNaN(value)
    ? UNKNOWN
    : Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** Digits after the point of prices on a tick: 2 for 0.01 and for 0.25. */
function tickDigits(tick: number): number {
  for (let digits = 0; digits < 12; digits++) {
    if (Math.abs(tick * 10 ** digits - Math.round(tick * 10 ** digits)) < 1e-9) return digits;
  }
  return 12;
}

/** `2024-03-01 09:30` on the clock of the zone, as fine as the second it falls into; at midnight the day alone. */
function timeText(ts: Millis, zone: string | undefined): string {
  if (zone === undefined || !Number.isFinite(ts)) return formatTime(ts);
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hourCycle: 'h23' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(ts);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const clock = `${part('hour')}:${part('minute')}${part('second') === '00' ? '' : `:${part('second')}`}`;
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return clock === '00:00' ? day : `${day} ${clock}`;
}
