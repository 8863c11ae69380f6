import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BarColumns, syntheticBars } from '@streamscalp/lib';
import { allocateBars, BAR_COLUMNS } from '@streamscalp/lib/market/bar';

/**
 * Made-up minutes whose prices are multiples of 1/64. Sums of such prices are exact in any order, so that all averages
 * are the same number whoever computes them, and no signal hangs on rounding.
 */
export function peerBars(rows: number): BarColumns {
  return syntheticBars({ seed: 42, startTs: 0, rows, tickSize: 1 / 64 });
}

export function writeColumns(folder: string, rows: number): void {
  const bars = peerBars(rows);
  for (const name of BAR_COLUMNS) writeRaw(join(folder, `${name}.f64`), bars[name]);
}

/** The first rows of the columns, in memory that workers can read. */
export function readColumns(folder: string, rows: number): BarColumns {
  const bars = allocateBars(rows, true);
  for (const name of BAR_COLUMNS) {
    bars[name].set(new Float64Array(readRaw(join(folder, `${name}.f64`)), 0, rows));
  }
  return bars;
}

export function writeRaw(path: string, values: Float64Array | Int32Array): void {
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function readRaw(path: string): ArrayBuffer {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}
