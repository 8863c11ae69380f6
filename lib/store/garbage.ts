import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { HOUR } from '../core/time.ts';
import { decodedDirectory } from './decoded-bars.ts';
import { listSnapshots, namesIn, objectFile, readSnapshot, snapshotFile } from './snapshots.ts';
import { openTrials } from './trials.ts';

/** Something that could be deleted, and why nobody needs it. */
export interface Garbage {
  readonly path: string;
  readonly bytes: number;
  readonly why: string;
}

/** What is younger may belong to a trial that is being written down. */
const YOUNG = HOUR;

/**
 * What under the root nobody needs: snapshots that no trial names and nobody asked for, and old versions of files that
 * no snapshot names. A passport names the data of a trial, so its snapshot stays with the trial. Bars that are kept decoded
 * are for speed alone.
 *
 * @param forget ids of requested snapshots that are no longer wanted
 * @throws LabError `refused` when a trial names a snapshot that is to be forgotten
 */
export function findGarbage(root: string, forget: readonly string[], now = Date.now()): Garbage[] {
  const snapshots = listSnapshots(root);
  const named = namedByTrials(root);
  for (const { id, of = [] } of snapshots)
    if (named.has(id)) for (const part of of) named.add(part);
  for (const id of forget) {
    if (!readSnapshot(root, id)) {
      throw new LabError(
        'usage',
        `there is no snapshot ${id}; \`lab data snapshot --list\` shows all`,
      );
    }
    if (named.has(id)) {
      throw new LabError(
        'refused',
        `snapshot ${id} is the data of a trial, and perhaps of a passport; it stays`,
      );
    }
  }
  const needed = new Set<string>();
  const forgotten = new Set<string>();
  const garbage: Garbage[] = [];
  for (const { id, reason, created, files } of snapshots) {
    const unwanted = forget.includes(id);
    const wanted = named.has(id) || reason === 'request' || now - created < YOUNG;
    const objects = files.map(({ sha256 }) => objectFile(root, sha256));
    if (wanted && !unwanted) {
      for (const object of objects) needed.add(object);
      continue;
    }
    for (const object of objects) forgotten.add(object);
    const path = snapshotFile(root, id);
    const why = unwanted ? 'a snapshot to be forgotten' : 'a snapshot that no trial names';
    garbage.push({ path, bytes: statSync(path).size, why });
  }
  for (const name of namesIn(join(root, 'objects'))) {
    const path = join(root, 'objects', name);
    const { size, ctimeMs, nlink } = statSync(path);
    if (needed.has(path) || (now - ctimeMs < YOUNG && !forgotten.has(path))) continue;
    // A second name of a file that is in use gives nothing back.
    garbage.push({ path, bytes: nlink > 1 ? 0 : size, why: 'a file that no snapshot names' });
  }
  for (const name of namesIn(decodedDirectory(root))) {
    const path = join(decodedDirectory(root), name);
    const { size, mtimeMs } = statSync(path);
    const why = 'bars kept decoded, which are decoded again when they are read';
    if (now - mtimeMs >= YOUNG) garbage.push({ path, bytes: size, why });
  }
  return garbage;
}

export function deleteGarbage(garbage: readonly Garbage[]): void {
  for (const { path } of garbage) rmSync(path, { force: true });
}

/**
 * Every hash in the trial ledger, torn lines included: keeping too much is no fault, and a hash that names no snapshot
 * keeps nothing.
 */
function namedByTrials(root: string): Set<string> {
  const { path } = openTrials(root);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return new Set(text.match(/[0-9a-f]{64}/g));
}
