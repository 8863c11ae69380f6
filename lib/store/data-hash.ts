import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { assert } from '../core/assert.ts';
import { BAR_COLUMNS, type BarColumns } from '../market/bar.ts';

/**
 * SHA-256 in hex of bars: the little-endian bytes of each column in BAR_COLUMNS order, one column after the other. Equal
 * bars have equal hashes whatever memory, files or chunks they came through.
 */
export function hashBars(bars: BarColumns): string {
  assert(endianness() === 'LE', 'a little-endian machine');
  const hash = createHash('sha256');
  for (const name of BAR_COLUMNS) {
    const { buffer, byteOffset, byteLength } = bars[name];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
