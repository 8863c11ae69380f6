import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../core/errors.ts';

const PROJECT_NAME = 'streamscalp-lab';

/**
 * The directory of the project: the nearest one above the working directory, else above this module, whose
 * package.json is the project's own.
 *
 * @throws LabError `usage` when there is none
 */
export function projectRoot(): string {
  const root = rootAbove(process.cwd()) ?? rootAbove(dirname(fileURLToPath(import.meta.url)));
  if (root !== undefined) return root;
  throw new LabError(
    'usage',
    `no package.json named ${PROJECT_NAME} above ${process.cwd()}; run inside the project, or set LAB_STORE to the directory of the history`,
  );
}

/**
 * Where the history is kept: the argument, else LAB_STORE, else `datasets` in the project.
 *
 * @throws LabError `usage` for a URL: imports replace files by renaming them, which object storage cannot
 */
export function storeRoot(root = process.env.LAB_STORE): string {
  if (!root) return join(projectRoot(), 'datasets');
  if (!isUrl(root)) return resolve(root);
  throw new LabError(
    'usage',
    `LAB_STORE is ${root.replace(/\/\/[^@/]*@/, '//')}, a URL; the history is a directory: mount the bucket or copy it with its folders as they are, and name the directory`,
  );
}

/** Whether a root is a URL rather than a directory. */
export function isUrl(root: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(root);
}

function rootAbove(start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const file = join(directory, 'package.json');
    if (existsSync(file) && isProject(file)) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

/** Another package's file may be anything; one that cannot be read is simply not ours. */
function isProject(file: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return content !== null && typeof content === 'object' && 'name' in content
      ? content.name === PROJECT_NAME
      : false;
  } catch {
    return false;
  }
}
