import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { originOf, partsOf } from './origin.ts';
import { versionOf } from './pinned-files.ts';
import { TABLE_NAMES } from './tables.ts';

const snapshotSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  created: z.number(),
  /** Taken for a trial, or because somebody asked. */
  reason: z.enum(['trial', 'request']),
  /** What was read of the files; absent where all of them count. */
  bars: z
    .object({
      venue: z.string(),
      symbol: z.string(),
      timeframe: z.string(),
      from: z.number().optional(),
      to: z.number().optional(),
    })
    .optional(),
  /** The same of rows that are no bars. */
  rows: z
    .object({
      kind: z.enum(TABLE_NAMES),
      venue: z.string(),
      symbol: z.string(),
      from: z.number().optional(),
      to: z.number().optional(),
    })
    .optional(),
  /** The snapshots that it is made of, where a trial ran on several series: the files are theirs. */
  of: z.array(z.string()).optional(),
  /** Relative to the root, in the order they were read. */
  files: z.array(
    z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number() }),
  ),
});

/**
 * The files that some data was read from, by the hash of their content. Its id is the hash of the rows where it was taken
 * for a trial, which is the `dataHash` of the ledger and `data.hash` of a passport; else the hash of its list of files.
 * The files have a second name under `objects/`, which costs nothing until an import replaces the first.
 */
export type Snapshot = z.output<typeof snapshotSchema>;

/**
 * Makes sure that the rows with this hash can be read again however often they are imported anew: takes their snapshot,
 * unless there is one or they were not read from this store. Where a hash stands for several, each has its own.
 */
export function keepOrigin(root: string, hash: string, reason: Snapshot['reason']): void {
  if (existsSync(snapshotFile(root, hash))) return;
  const parts = partsOf(hash);
  if (parts !== undefined) {
    for (const part of parts) keepOrigin(root, part, reason);
    if (!parts.every((part) => existsSync(snapshotFile(root, part)))) return;
    const of = [...new Set(parts)];
    writeSnapshot(root, { version: 1, id: hash, created: Date.now(), reason, of, files: [] });
    return;
  }
  const origin = originOf(hash);
  if (origin?.root !== root) return;
  const { kind, venue, symbol, timeframe, from, to } = origin.range;
  const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const files = origin.files.map(({ name, version }) => keepFile(root, name, version));
  // Replaced since it was read: then nothing on disk is what the trial saw.
  if (files.some((file) => file === undefined)) return;
  writeSnapshot(root, {
    version: 1,
    id: hash,
    created: Date.now(),
    reason,
    ...(kind === 'bars'
      ? { bars: { venue, symbol, timeframe: timeframe!, ...range } }
      : { rows: { kind, venue, symbol, ...range } }),
    files: files.filter((file) => file !== undefined),
  });
}

/** Takes a snapshot of files as they are now, for somebody who asked. */
export function takeSnapshot(root: string, paths: readonly string[]): Snapshot {
  const files = paths.map((path) => keepFile(root, path, undefined)!);
  const id = fingerprint(files);
  const known = readSnapshot(root, id);
  if (known) return known;
  const snapshot: Snapshot = { version: 1, id, created: Date.now(), reason: 'request', files };
  writeSnapshot(root, snapshot);
  return snapshot;
}

/** The snapshot with this id; undefined when there is none. @throws LabError `data` when its file is damaged */
export function readSnapshot(root: string, id: string): Snapshot | undefined {
  const file = snapshotFile(root, id);
  if (!/^[0-9a-f]{64}$/.test(id) || !existsSync(file)) return undefined;
  try {
    return snapshotSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new LabError('data', `${file} is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** Every snapshot, oldest first. */
export function listSnapshots(root: string): Snapshot[] {
  return namesIn(join(root, 'snapshots'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readSnapshot(root, name.slice(0, -'.json'.length))!)
    .sort((a, b) => a.created - b.created);
}

/** What is wrong with the kept files of a snapshot, by reading them; empty when they are as they were. */
export function damagedObjects(root: string, { files, of = [] }: Snapshot): string[] {
  const within = of.flatMap((id) => {
    const part = readSnapshot(root, id);
    return part ? damagedObjects(root, part) : [`snapshot ${id}, a part of it, is missing`];
  });
  const own = files.flatMap(({ path, sha256 }) => {
    const object = objectFile(root, sha256);
    if (!existsSync(object)) return [`${object} is missing, which was ${path}`];
    return hashFile(object) === sha256 ? [] : [`${object} was changed, which was ${path}`];
  });
  return [...within, ...own];
}

/** Where the content with a hash is kept. */
export function objectFile(root: string, sha256: string): string {
  return join(root, 'objects', `${sha256}.parquet`);
}

export function snapshotFile(root: string, id: string): string {
  return join(root, 'snapshots', `${id}.json`);
}

/** The names in a directory; none when it does not exist. */
export function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** SHA-256 in hex of a file's content, read a megabyte at a time. */
function hashFile(path: string): string {
  const hash = createHash('sha256');
  const block = Buffer.alloc(1 << 20);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const bytes = readSync(file, block);
      if (bytes === 0) return hash.digest('hex');
      hash.update(block.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Gives a file a second name, after its content. Linked first and looked at afterwards, so that it is the same file that
 * is hashed and kept. Undefined when it is no longer the wanted version.
 */
function keepFile(
  root: string,
  path: string,
  version: string | undefined,
): Snapshot['files'][number] | undefined {
  mkdirSync(join(root, 'objects'), { recursive: true });
  const temporary = join(
    root,
    'objects',
    `new.${process.pid}-${randomBytes(4).toString('hex')}.tmp`,
  );
  try {
    const found = statSync(path);
    if (version !== undefined && versionOf(found) !== version) return undefined;
    linkOrCopy(path, temporary);
    if (version !== undefined && versionOf(statSync(path)) !== version) return undefined;
    const sha256 = hashFile(temporary);
    renameSync(temporary, objectFile(root, sha256));
    return { path: relative(root, path), sha256, bytes: found.size };
  } finally {
    // Renaming one name of a file over another name of it leaves both.
    rmSync(temporary, { force: true });
  }
}

/** Some file systems have no second names; there it takes space at once. */
function linkOrCopy(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch {
    copyFileSync(path, target);
  }
}

function writeSnapshot(root: string, snapshot: Snapshot): void {
  const file = snapshotFile(root, snapshot.id);
  mkdirSync(join(root, 'snapshots'), { recursive: true });
  const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(snapshot, null, 2)}\n`, { flush: true });
  renameSync(temporary, file);
}
