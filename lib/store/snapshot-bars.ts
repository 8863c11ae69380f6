import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../core/errors.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { guardFiles } from './damage.ts';
import type { Duck } from './duckdb.ts';
import { readParquet } from './parquet.ts';
import { objectFile, readSnapshot } from './snapshots.ts';
import { BARS } from './tables.ts';

/**
 * The bars of a snapshot, read from the files it keeps.
 *
 * @throws LabError `data` when there is none with this id, or not of bars, or a file of it is missing
 */
export async function readSnapshotBars(duck: Duck, root: string, id: string): Promise<BarColumns> {
  const snapshot = readSnapshot(root, id);
  if (!snapshot?.bars) {
    throw new LabError(
      'data',
      `there is no snapshot ${id} of bars; \`lab data snapshot --list\` shows all`,
    );
  }
  const partitions = new Map<string, string[]>();
  for (const { path, sha256 } of snapshot.files) {
    const object = objectFile(root, sha256);
    if (!existsSync(object)) {
      throw new LabError('data', `snapshot ${id} lacks ${object}, which was ${path}`);
    }
    partitions.set(dirname(path), [...(partitions.get(dirname(path)) ?? []), object]);
  }
  const files = [...partitions.values()];
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = snapshot.bars;
  const range = { partitions: files, time: BARS.time, key: BARS.key, from, to };
  return guardFiles(
    duck,
    files.flat().map((name) => ({ name, path: name })),
    () => readParquet(duck, range, BAR_COLUMNS, allocateBars),
  );
}
