import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../core/errors.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { guardFiles } from './damage.ts';
import type { Duck } from './duckdb.ts';
import type { Kind } from './layout.ts';
import { readParquet } from './parquet.ts';
import { allocateRows, type Column, type Columns } from './rows.ts';
import { tableOf } from './series.ts';
import { objectFile, readSnapshot } from './snapshots.ts';
import { type Rows, TABLES, type TableName } from './tables.ts';

/**
 * The bars of a snapshot, read from the files it keeps.
 *
 * @throws LabError `data` when there is none with this id, or not of bars, or a file of it is missing
 */
export function readSnapshotBars(duck: Duck, root: string, id: string): Promise<BarColumns> {
  return readKept(duck, root, 'bars', id, BAR_COLUMNS, allocateBars);
}

/** The same of rows of another kind. */
export async function readSnapshotRows<K extends TableName>(
  duck: Duck,
  root: string,
  kind: K,
  id: string,
): Promise<Rows<K>> {
  const names = Object.keys(TABLES[kind].columns);
  const rows = await readKept<Columns>(duck, root, kind, id, names, (length) =>
    allocateRows(TABLES[kind], length),
  );
  return rows as unknown as Rows<K>;
}

async function readKept<T extends Readonly<Record<keyof T, Column>>>(
  duck: Duck,
  root: string,
  kind: Kind,
  id: string,
  names: readonly (keyof T & string)[],
  allocate: (rows: number) => T,
): Promise<T> {
  const snapshot = readSnapshot(root, id);
  const read = snapshot?.bars ?? snapshot?.rows;
  if (!read || (snapshot?.rows?.kind ?? 'bars') !== kind) {
    throw new LabError(
      'data',
      `there is no snapshot ${id} of ${kind}; \`lab data snapshot --list\` shows all`,
    );
  }
  const partitions = new Map<string, string[]>();
  for (const { path, sha256 } of snapshot!.files) {
    const object = objectFile(root, sha256);
    if (!existsSync(object)) {
      throw new LabError('data', `snapshot ${id} lacks ${object}, which was ${path}`);
    }
    partitions.set(dirname(path), [...(partitions.get(dirname(path)) ?? []), object]);
  }
  const files = [...partitions.values()];
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = read;
  const { time, key, added } = tableOf(kind);
  const range = { partitions: files, time, key, added, from, to };
  return guardFiles(
    duck,
    files.flat().map((name) => ({ name, path: name })),
    () => readParquet(duck, range, names, allocate),
  );
}
