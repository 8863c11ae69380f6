import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../core/errors.ts';
import { isAlive } from './durable-file.ts';
import { isUrl } from './location.ts';

const NAME = 'writing.lock';
const HEARTBEAT_MS = 2_000;
/** An owner that was not heard of for so long is gone, on whatever machine it was. */
const SILENT_MS = 60_000;
const PATIENCE_MS = 120_000;

/**
 * Runs `work` while no other process changes the same directory: two imports of one series would each read the year,
 * merge their rows, and the last to rename would undo the other. Readers never look at the lock, nor does a recorder,
 * whose parts have names of their own. A lock whose owner was killed is taken over. A bucket has no locks: see
 * `ObjectStorage`.
 *
 * @throws LabError `io` when another process holds it for two minutes
 */
export async function whileLocked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  if (isUrl(directory)) return work();
  await mkdir(directory, { recursive: true });
  const path = join(directory, NAME);
  const owner = `${hostname()} ${process.pid} ${randomBytes(4).toString('hex')}`;
  const patience = performance.now() + PATIENCE_MS;
  while (!(await create(path, owner))) {
    await takeOverAbandoned(path);
    if (performance.now() > patience) {
      throw new LabError(
        'io',
        `${path} is held by another import (${await contentOf(path)}); wait for it, or delete the file when no such process runs`,
      );
    }
    await wait(10 + Math.random() * 20);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => clearInterval(heartbeat));
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await contentOf(path)) === owner) await rm(path, { force: true });
  }
}

/** Creates the file with its content, unless it is there. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that find the lock abandoned only one removes it, and only while it is still the abandoned one. */
async function takeOverAbandoned(path: string): Promise<void> {
  const found = await contentOf(path);
  if (!(await isAbandoned(path, found))) return;
  const guard = `${path}-takeover`;
  if (await create(guard, String(process.pid))) {
    if ((await contentOf(path)) === found) await rm(path, { force: true });
    await rm(guard, { force: true });
  } else if (await isSilent(guard)) await rm(guard, { force: true });
}

async function isAbandoned(path: string, content: string): Promise<boolean> {
  const [host, pid] = content.split(' ');
  if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) return true;
  return isSilent(path);
}

async function isSilent(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > SILENT_MS;
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
