import { join } from 'node:path';
import { readRaw, writeRaw } from './columns.ts';

/** What a contender did, in a form that can be compared. */
export interface Proof {
  /**
   * Of each closed trade: config, row of the entry's fill, row of the exit's fill; by config, then by entry. Of each fill
   * on a book: ±1 as a maker or ±2 as a taker, microseconds from the first row, tick; by time, then by side.
   */
  readonly rows: Int32Array;
  /** Final equity of each config, or the columns of an indicator one after the other. */
  readonly values: Float64Array;
}

export function writeProof(folder: string, { rows, values }: Proof): void {
  writeRaw(join(folder, 'rows.i32'), rows);
  writeRaw(join(folder, 'values.f64'), values);
}

export function readProof(folder: string): Proof {
  return {
    rows: new Int32Array(readRaw(join(folder, 'rows.i32'))),
    values: new Float64Array(readRaw(join(folder, 'values.f64'))),
  };
}

/** Values may differ by this share: what other orders of the same sums amount to. */
export const TOLERANCE = 1e-9;

/**
 * Says whether two contenders did the same.
 *
 * @param least values below it are compared as if they were as large
 * @returns `difference`: what differs first, or undefined; `worst`: the largest relative difference of a value
 */
export function compare(
  ours: Proof,
  theirs: Proof,
  least: number,
): { difference?: string; worst: number } {
  const worst = worstDifference(ours.values, theirs.values, least);
  const trades = ours.rows.length / 3;
  if (theirs.rows.length !== ours.rows.length) {
    return { difference: `${theirs.rows.length / 3} trades, ours are ${trades}`, worst };
  }
  for (let at = 0; at < ours.rows.length; at += 3) {
    if (same(ours.rows, theirs.rows, at)) continue;
    const [o, t] = [ours.rows.slice(at, at + 3), theirs.rows.slice(at, at + 3)];
    const difference = `trade ${at / 3} is config ${t[0]} rows ${t[1]}–${t[2]}, ours config ${o[0]} rows ${o[1]}–${o[2]}`;
    return { difference, worst };
  }
  if (ours.values.length !== theirs.values.length) {
    return { difference: `${theirs.values.length} values, ours are ${ours.values.length}`, worst };
  }
  return worst <= TOLERANCE ? { worst } : { difference: `values differ by ${worst}`, worst };
}

function same(a: Int32Array, b: Int32Array, at: number): boolean {
  return a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2];
}

/** A NaN on one side only is an infinite difference. */
function worstDifference(a: Float64Array, b: Float64Array, least: number): number {
  let worst = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (Object.is(x, y)) continue;
    const scale = Math.max(Math.abs(x), Math.abs(y), least);
    const found = Math.abs(x - y) / scale;
    worst = Math.max(worst, Number.isNaN(found) ? Number.POSITIVE_INFINITY : found);
  }
  return worst;
}
