import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { isAlive } from './durable-file.ts';
import { isUrl } from './location.ts';

/**
 * A name for a directory in which one import of this process may lay what memory does not hold, on the disk of the store.
 * What imports that were killed left behind is removed.
 */
export function spoolDirectory(root: string): string {
  const parent = join(isUrl(root) ? join(tmpdir(), 'streamscalp-lab') : root, 'importing');
  for (const name of namesIn(parent)) {
    const [host, pid] = [name.replace(/-\d+-[0-9a-f]+$/, ''), /-(\d+)-[0-9a-f]+$/.exec(name)?.[1]];
    if (host === hostname() && pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
  return join(parent, `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`);
}

/** The error for a disk that took no more. */
export function noRoom(directory: string, cause: unknown): LabError {
  return new LabError(
    'io',
    `an import ran out of room in ${directory}: ${(cause as Error).message}; free as much as the file has, unpacked, and import again: nothing was stored`,
    { cause },
  );
}

/** The names in a directory; none when it does not exist. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
