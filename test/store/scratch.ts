import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { afterAll } from 'vitest';

/** A new empty directory; removed when the file's tests are done. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lab store [x] ')); // a name that globs and quotes trip over
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export const SYN = defineInstrument({ symbol: 'SYN/USD', venue: 'sample', synthetic: true });
export const HOURS = { venue: 'sample', symbol: 'SYN/USD', timeframe: '1h' } as const;

/** Synthetic hourly bars from 2010: a year is 8,760 rows, so a few rows span many partitions. */
export function hourlyBars(seed: number, rows: number): BarColumns {
  const bars = syntheticBars({ seed, startTs: 0, rows });
  for (let i = 0; i < rows; i++) {
    bars.openTs[i] = Date.UTC(2010, 0) + i * HOUR;
    bars.closeTs[i] = bars.openTs[i]! + HOUR;
  }
  return bars;
}
