import type { Millis } from '../core/time.ts';

/** What can be wrong with stored or delivered rows. */
export type FindingKind =
  | 'order'
  | 'duplicate'
  | 'value'
  | 'high-low'
  | 'gap'
  | 'time-shift'
  | 'spike'
  | 'hundredfold'
  | 'split'
  | 'missing-split'
  | 'dividend'
  | 'missing-dividend'
  | 'stale'
  | 'zero-volume'
  | 'crossed';

/**
 * By what to multiply rows so that they are right: `price` for open, high, low and close, `volume`, and `adjusted` for a
 * vendor's adjusted close, which moves with the price too.
 */
export interface Repair {
  readonly price: number;
  readonly volume: number;
  readonly adjusted: number;
}

/**
 * Something found in rows [from, to) of a series in time order.
 *
 * A `fault` is wrong, and makes a command end with status 3. A `notice` is what a person should know and may well be the
 * truth: a fund without volume, a minute in which nothing traded.
 */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'fault' | 'notice';
  readonly from: number;
  readonly to: number;
  readonly fromTs: Millis;
  readonly toTs: Millis;
  /** What was found, and what was expected. */
  readonly message: string;
  /** Present where what is right follows from the rows around. */
  readonly repair?: Repair;
}

/** Where a run of rows ends that satisfy the same condition as row `from`. */
export function runEnd(from: number, rows: number, holds: (row: number) => boolean): number {
  let to = from + 1;
  while (to < rows && holds(to)) to++;
  return to;
}

/** `3 bars` or `a bar`. */
export function countOf(count: number, noun: string): string {
  return count === 1 ? `a ${noun}` : `${count} ${noun}s`;
}
