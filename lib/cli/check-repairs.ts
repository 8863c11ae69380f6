import { join } from 'node:path';
import { type BarColumns, sliceBars } from '../market/bar.ts';
import { isRepairable, repairSeries } from '../quality/repair.ts';
import { appendLines } from '../store/append-file.ts';
import { hashBars } from '../store/data-hash.ts';
import { barsDirectory } from '../store/layout.ts';
import { refuseUrl } from '../store/location.ts';
import { keepOrigin } from '../store/snapshots.ts';
import type { Store } from '../store/store.ts';
import type { SeriesCheck } from './check-stored.ts';

export interface RepairsDone {
  readonly repairs: number;
  /** Where they are written down, one JSON object a line. */
  readonly log: string;
  /** By which `store.snapshotBars` reads the bars as they were. */
  readonly snapshot: string;
}

/**
 * Applies the repairs of a check to the stored bars, after the files as they were got a second name that imports do not
 * touch. Undefined when there is nothing to repair.
 */
export async function repairStored(
  store: Store,
  { info, series, findings }: SeriesCheck,
): Promise<RepairsDone | undefined> {
  const repairs = findings.filter(isRepairable);
  if (repairs.length === 0 || series === undefined) return undefined;
  refuseUrl(store.root, 'a repair');
  const before = await store.bars(info);
  const snapshot = hashBars(before);
  keepOrigin(store.root, snapshot, 'request');
  const { bars } = repairSeries(series, repairs);
  const log = join(barsDirectory(store.root, info), 'repairs.ndjson');
  const instrument = await store.instrument(info);
  for (const [from, to] of touched(repairs)) {
    await store.importBars(instrument, info.timeframe, sliceBars(bars, from, to));
  }
  const ts = Date.now();
  const lines = repairs.map(({ kind, from, to, fromTs, toTs, message, repair }) => {
    const [was, is] = [rowOf(before, from), rowOf(bars, from)];
    const rows = to - from;
    return JSON.stringify({ ts, kind, fromTs, toTs, rows, message, repair, was, is, snapshot });
  });
  appendLines(log, lines, 'now');
  return { repairs: repairs.length, log, snapshot };
}

/** The rows that repairs touch, each once: runs that overlap become one. */
function touched(repairs: readonly { from: number; to: number }[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const { from, to } of [...repairs].sort((a, b) => a.from - b.from)) {
    const last = runs.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else runs.push([from, to]);
  }
  return runs;
}

/** The first row of a repair, so that the log can be read without the files. */
function rowOf({ open, high, low, close, volume }: BarColumns, row: number) {
  const [o, h, l, c, v] = [open, high, low, close, volume].map((column) => column[row]);
  return { open: o, high: h, low: l, close: c, volume: v };
}
