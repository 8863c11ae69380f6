import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isLabError, LabError } from '../core/errors.ts';
import { listDirectory } from './layout.ts';
import { isUrl } from './location.ts';
import { storageOf, unreachable } from './object-storage.ts';

/**
 * Replaces a file so that a reader, or this machine after a crash, sees the old content or the new and nothing between:
 * written under a temporary name, flushed to disk, renamed, and the directory flushed. An object of a bucket appears whole
 * anyway.
 *
 * @param write fills the temporary file whose path it is given
 * @throws LabError `io` when the disk refuses; then nothing has changed
 */
export async function replaceFile(
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  if (isUrl(path)) {
    await write(path).catch((cause: unknown) => {
      throw unreachable(path, cause);
    });
    storageOf(path).changed();
    return;
  }
  const directory = dirname(path);
  try {
    await mkdir(directory, { recursive: true });
    await removeAbandoned(directory);
  } catch (error) {
    throw diskRefusal(path, error);
  }
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    await write(temporary);
    await flush(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskRefusal(path, error);
  }
  await flush(directory);
}

/** What the disk refuses is no bug, be it Node or DuckDB that was refused. */
export function diskRefusal(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (isLabError(error) || !(code?.startsWith('E') || /^IO Error/.test(message))) return error;
  return new LabError(
    'io',
    `cannot write ${path}: ${message}; check that the path is right and its disk has room, and run again: what was there is as it was`,
    { cause: error },
  );
}

/** Replaces a file by a line of text. */
export async function replaceText(path: string, text: string): Promise<void> {
  if (isUrl(path)) await storageOf(path).writeText(path, text);
  else await replaceFile(path, (temporary) => writeFile(temporary, text));
}

/** The text of a file; undefined when there is none. @throws LabError `io` when it is there and cannot be read */
export async function readText(path: string): Promise<string | undefined> {
  if (isUrl(path)) return storageOf(path).readText(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const { message } = error as Error;
    throw new LabError(
      'io',
      `cannot read ${path}: ${message}; check that the path is right and may be read`,
      { cause: error },
    );
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what writers left that were killed; a temporary name carries the process that made it. */
export async function removeAbandoned(directory: string): Promise<void> {
  if (isUrl(directory)) return;
  for (const name of await listDirectory(directory)) {
    const owner = /\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) {
      await rm(join(directory, name), { force: true });
    }
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
