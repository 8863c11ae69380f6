import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TRANSFORMERS_VERSION } from '@streamscalp/lib/sources/sentiment/transformers';
import { PROJECT_ROOT } from './shared-data.ts';

const NAME = '@huggingface/transformers';

/**
 * A folder whose packages have the library that runs models: the project's, else one that npm brings it into (470 MB, too
 * much for every clone); undefined where neither is. Install scripts do not run.
 */
export function transformersHere(folder: string): string | undefined {
  if (isIn(PROJECT_ROOT)) return PROJECT_ROOT;
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '0'];
    execFileSync('npm', ['install', ...quiet, `${NAME}@${TRANSFORMERS_VERSION}`], {
      cwd: folder,
      stdio: 'ignore',
      timeout: 180_000,
    });
    return isIn(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

function isIn(folder: string): boolean {
  try {
    createRequire(join(folder, 'package.json')).resolve(NAME);
    return true;
  } catch {
    return false;
  }
}
