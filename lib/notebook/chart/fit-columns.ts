import { gzipSync } from 'node:zlib';
import { type Column, type PackedColumns, packColumns } from './pack-columns.ts';

/** Packed columns, compressed, of rows joined `size` at a time. */
export interface FittedColumns extends PackedColumns {
  readonly size: number;
}

/** Bytes that one number of market data takes when packed and compressed, as far as a first guess needs it. */
const BYTES_GUESS = 1.5;

/**
 * Packs the finest level of detail that fits: rows are joined by a power of two, until they take no more bytes than
 * they may.
 *
 * @param rows of the longest column
 * @param perRow columns
 * @param bytesMax of the result as base64
 * @param columnsAt the columns with rows joined `size` at a time
 */
export function fitColumns(
  rows: number,
  perRow: number,
  bytesMax: number,
  columnsAt: (size: number) => readonly Column[],
): FittedColumns {
  const fits = (bytes: Uint8Array) => bytes.length * (4 / 3) <= bytesMax;
  let size = 1;
  while ((rows / size) * perRow * BYTES_GUESS * (4 / 3) > bytesMax) size *= 2;
  let found = compressed(columnsAt(size));
  for (let finer = found; size > 1 && finer.bytes.length * (8 / 3) <= bytesMax * 0.9; ) {
    finer = compressed(columnsAt(size / 2));
    if (!fits(finer.bytes)) break;
    size /= 2;
    found = finer;
  }
  while (!fits(found.bytes) && size < rows) {
    size *= 2;
    found = compressed(columnsAt(size));
  }
  return { ...found, size };
}

function compressed(columns: readonly Column[]): PackedColumns {
  const packed = packColumns(columns);
  return { ...packed, bytes: gzipSync(packed.bytes) };
}
