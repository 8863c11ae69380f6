import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../core/errors.ts';
import { sha256 } from '../core/fingerprint.ts';
import type { LoadedStrategy } from '../loader/strategy-file.ts';
import { projectRoot } from '../store/location.ts';
import type { PassportContent } from './passport.ts';

/** The rooms of the library whose code decides which orders are made and how they fill. */
const DECIDING = ['core', 'market', 'indicators', 'trading', 'risk', 'engine'];

/** Which code would run if the strategy ran now. */
export async function codeIdentity(strategy: LoadedStrategy): Promise<PassportContent['code']> {
  return {
    source: relative(projectRoot(), strategy.module.source).replaceAll('\\', '/'),
    strategyHash: strategy.module.codeHash,
    libraryHash: await libraryHash(),
    lockfileHash: await lockfileHash(),
  };
}

async function libraryHash(): Promise<string> {
  const dist = fileURLToPath(new URL('..', import.meta.url));
  const hash = createHash('sha256');
  for (const room of DECIDING) {
    const files = await readdir(join(dist, room), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.js')).sort()) {
      const content = await readFile(join(dist, room, file));
      hash.update(`${room}/${file.replaceAll('\\', '/')}\0${sha256(content)}\n`);
    }
  }
  return hash.digest('hex');
}

async function lockfileHash(): Promise<string> {
  const file = join(projectRoot(), 'package-lock.json');
  try {
    return sha256(await readFile(file));
  } catch (cause) {
    throw new LabError(
      'io',
      `cannot read ${file}, which a passport seals: ${(cause as Error).message}`,
      { cause },
    );
  }
}
