import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../../core/time.ts';

/** A mark on an axis. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** How many times the wanted count of ticks is still welcome; fewer than wanted is worse. */
const CROWDING = 1.5;

/** Maps [from, to] onto [start, end] of the picture. */
export function linearScale(from: number, to: number, start: number, end: number) {
  const slope = to === from ? 0 : (end - start) / (to - from);
  const offset = to === from ? (start + end) / 2 : start - from * slope;
  return (x: number) => offset + x * slope;
}

/** Round numbers inside [from, to]: multiples of 1, 2 or 5 times a power of ten, about `count` of them. */
export function numberTicks(
  from: number,
  to: number,
  count: number,
  format?: (value: number) => string,
): Tick[] {
  if (!(to > from)) {
    return Number.isFinite(from) ? [{ at: from, label: (format ?? String)(from) }] : [];
  }
  const rough = (to - from) / (count * CROWDING);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const write =
    format ??
    ((value: number) =>
      value
        .toLocaleString('en-US', {
          notation: step >= 100_000 ? 'compact' : 'standard',
          minimumFractionDigits: digits,
          maximumFractionDigits: Math.max(2, digits),
        })
        .replace('-', '−'));
  const ticks: Tick[] = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) {
    const at = Number((k * step).toFixed(digits));
    ticks.push({ at, label: write(at) });
  }
  return ticks;
}

const STEPS = [
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
] as const;
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240] as const;

/** Round moments inside [from, to], UTC, about `count` of them, labelled no finer than they are apart. */
export function timeTicks(from: Millis, to: Millis, count: number): Tick[] {
  const rough = (to - from) / (count * CROWDING);
  const step = STEPS.find((s) => s >= rough);
  const ticks: Tick[] = [];
  if (step !== undefined) {
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      ticks.push({ at, label: momentLabel(at, step) });
    }
    return ticks;
  }
  const months = MONTH_STEPS.find((m) => m * 30.4 * DAY >= rough) ?? 240;
  const start = new Date(from);
  const firstMonth = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months);
  for (let k = firstMonth; ; k++) {
    const at = Date.UTC(1970, k * months - 1970 * 12);
    if (!(at <= to)) break;
    if (at < from) continue;
    const iso = new Date(at).toISOString();
    ticks.push({ at, label: months % 12 === 0 ? iso.slice(0, 4) : iso.slice(0, 7) });
  }
  return ticks;
}

function momentLabel(at: Millis, step: Millis): string {
  const iso = new Date(at).toISOString();
  if (step >= DAY || at % DAY === 0) return iso.slice(0, 10);
  return iso.slice(11, step < MINUTE ? 19 : 16);
}
