import { assert } from '../../core/assert.ts';
import type { PackedColumn } from './model.ts';

/** A column to pack. `expects` as in `PackedColumn`; a column beside must have the same scale. */
export interface Column {
  readonly values: ArrayLike<number>;
  readonly scale: number;
  readonly expects: PackedColumn['expects'];
}

/** Columns as a screen needs them: a tenth of their bytes, before any compression. */
export interface PackedColumns {
  readonly columns: readonly PackedColumn[];
  readonly bytes: Uint8Array;
}

/** Digits that a reader can tell apart on a screen at any zoom. */
const DIGITS = 7;

/**
 * The power of ten that makes whole numbers of the values: the smallest that loses nothing, as of prices in cents;
 * else the one that keeps seven digits of the largest.
 */
export function scaleOf(columns: readonly ArrayLike<number>[]): number {
  let largest = 0;
  for (const values of columns) {
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]!);
      if (size > largest && size !== Number.POSITIVE_INFINITY) largest = size;
    }
  }
  if (largest === 0) return 1;
  const most = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(largest)));
  for (let digits = 0; digits < most; digits++) {
    const scale = 10 ** digits;
    if (columns.every((values) => isWhole(values, scale))) return scale;
  }
  return 10 ** most;
}

function isWhole(values: ArrayLike<number>, scale: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // The product of a decimal price and a power of ten is off by a few units in the last place, no more.
    if (Number.isFinite(value) && Math.round(value * scale) / scale !== value) return false;
  }
  return true;
}

/** Writes each value as its surprise beside what was expected; a value that is not finite as 0. */
export function packColumns(columns: readonly Column[]): PackedColumns {
  const rows = columns.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(rows * 9);
  let at = 0;
  for (const { values, scale, expects } of columns) {
    const beside = typeof expects === 'number' ? columns[expects]! : null;
    assert(beside === null || beside.scale === scale, 'columns beside each other share a scale');
    let last = 0;
    let step = 0;
    for (let i = 0; i < values.length; i++) {
      const whole = Math.round(values[i]! * scale);
      if (!Number.isFinite(whole)) {
        bytes[at++] = 0;
        continue;
      }
      let expected = expects === 'step' ? last + step : last;
      if (beside !== null) {
        const known = Math.round(beside.values[i]! * scale);
        expected = Number.isFinite(known) ? known : 0;
      }
      const surprise = whole - expected;
      step = whole - last;
      last = whole;
      let code = surprise >= 0 ? 2 * surprise + 1 : -2 * surprise;
      while (code >= 128) {
        const rest = Math.floor(code / 128);
        bytes[at++] = code - rest * 128 + 128;
        code = rest;
      }
      bytes[at++] = code;
    }
  }
  return {
    columns: columns.map(({ values, scale, expects }) => ({ rows: values.length, scale, expects })),
    bytes: bytes.subarray(0, at),
  };
}
