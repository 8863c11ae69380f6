import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBinanceCapture } from '@streamscalp/lib';
import type { DepthColumns } from '@streamscalp/lib/market/depth-columns';
import { sharedData } from '../../support/shared-data.ts';
import { readRaw, writeRaw } from './columns.ts';

/** Six minutes of raw frames of Binance's USD-M futures, and how many rows they come to. */
export const CAPTURE = 'ticks_l2/hftbacktest_usdm_btcusdt_20240808.gz';
export const CAPTURE_ROWS = 489_706;
export const CAPTURE_TICK = 0.1;

/** Writes the rows of the capture as raw columns. */
export async function writeDepth(folder: string): Promise<void> {
  const options = { market: 'usdm', tickSize: CAPTURE_TICK } as const;
  const { columns } = await readBinanceCapture(sharedData(CAPTURE), options);
  assert.equal(columns.ev.length, CAPTURE_ROWS);
  writeFileSync(join(folder, 'ev.u8'), columns.ev);
  writeRaw(join(folder, 'exchTs.f64'), columns.exchTs);
  writeRaw(join(folder, 'localTs.f64'), columns.localTs);
  writeRaw(join(folder, 'tick.i32'), columns.tick);
  writeRaw(join(folder, 'qty.f64'), columns.qty);
}

/** The first rows of them. */
export function readDepth(folder: string, rows: number): DepthColumns {
  const doubles = (name: string) => new Float64Array(readRaw(join(folder, `${name}.f64`)), 0, rows);
  return {
    ev: new Uint8Array(readFileSync(join(folder, 'ev.u8'))).subarray(0, rows),
    exchTs: doubles('exchTs'),
    localTs: doubles('localTs'),
    tick: new Int32Array(readRaw(join(folder, 'tick.i32')), 0, rows),
    qty: doubles('qty'),
  };
}
