import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../core/time.ts';

/** What stands where a number is not known. */
export const UNKNOWN = '–';

/** `1,234.50`, `−0.25` with a true minus. Zero has no sign. */
export function formatNumber(x: number, digits: number): string {
  if (!Number.isFinite(x)) return UNKNOWN;
  const text = x.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

/** A fraction as `12.3%`. */
export function formatPercent(fraction: number, digits = 1): string {
  return Number.isFinite(fraction) ? `${formatNumber(fraction * 100, digits)}%` : UNKNOWN;
}

/** An amount of money or a price, with as many digits as its size deserves. */
export function formatAmount(x: number): string {
  const size = Math.abs(x);
  if (size >= 10 || x === 0) return formatNumber(x, 2);
  return formatNumber(x, size >= 0.1 ? 4 : 8);
}

/** A quantity: up to 8 decimals, none of them idle. */
export function formatQty(x: number): string {
  if (!Number.isFinite(x)) return UNKNOWN;
  return x.toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** `2024-03-01`, `2024-03-01 10:00` or `2024-03-01 10:00:05`: as fine as the second it falls into. UTC. */
export function formatTime(ts: Millis): string {
  if (!Number.isFinite(ts)) return UNKNOWN;
  const second = Math.floor(ts / SECOND) * SECOND;
  const iso = new Date(second).toISOString();
  if (second % DAY === 0) return iso.slice(0, 10);
  return `${iso.slice(0, 10)} ${iso.slice(11, second % MINUTE === 0 ? 16 : 19)}`;
}

/** `45 s`, `12 min`, `3.5 h`, `46.2 days`. */
export function formatDuration(ms: Millis): string {
  if (!Number.isFinite(ms)) return UNKNOWN;
  if (ms < MINUTE) return `${formatNumber(ms / SECOND, 0)} s`;
  if (ms < HOUR) return `${formatNumber(ms / MINUTE, 0)} min`;
  if (ms < 2 * DAY) return `${formatNumber(ms / HOUR, 1)} h`;
  return `${formatNumber(ms / DAY, 1)} days`;
}
