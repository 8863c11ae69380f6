import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../core/time.ts';

/** What stands where a number is not known. */
export const UNKNOWN = '–';

/** `1,234.50`, `−0.25` with a true minus. Zero has no sign. */
export function formatNumber(x: number, digits: number): string {
  if (!Number.isFinite(x)) return UNKNOWN;
  const text = grouped(rounded(Math.abs(x), digits));
  return x < 0 && /[1-9]/.test(text) ? `−${text}` : text;
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
  const text = grouped(rounded(Math.abs(x), 8)).replace(/\.?0+$/, '');
  return x < 0 ? `-${text}` : text;
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

/**
 * A number ≥ 0 with so many decimals. The decimal that JavaScript prints is rounded, half away from zero, as by
 * `Intl.NumberFormat`: to load that takes longer than a table of metrics.
 */
function rounded(x: number, digits: number): string {
  const [mantissa = '', exponent] = x.toExponential().split('e');
  const known = mantissa.replace('.', '');
  // How many of the known digits stand before the place where it is cut.
  const kept = Number(exponent) + 1 + digits;
  const whole = BigInt(known.slice(0, Math.max(0, kept)).padEnd(kept, '0') || 0);
  const up = kept >= 0 && (known[kept] ?? '0') >= '5' ? 1n : 0n;
  const text = String(whole + up).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** With a comma before every three digits of the whole part. */
function grouped(text: string): string {
  const [whole = '', ...rest] = text.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}
