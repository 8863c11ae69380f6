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
 * Where the history is kept: the argument, else LAB_STORE, else `datasets` in the project. A directory, or
 * `s3://BUCKET/PREFIX` without a slash at its end.
 *
 * @throws LabError `usage` for another URL, or one with keys in it
 */
export function storeRoot(root = process.env.LAB_STORE): string {
  if (!root) return join(projectRoot(), 'datasets');
  if (!isUrl(root)) return resolve(root);
  const shown = root.replace(/\/\/[^@/]*@/, '//');
  if (shown !== root) {
    throw new LabError(
      'usage',
      `LAB_STORE is ${shown} with keys in it; take them out, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  }
  if (/^s3:\/\/[^/]+/.test(root)) return root.replace(/\/+$/, '');
  throw new LabError(
    'usage',
    `LAB_STORE is ${root}; the history lies in a directory or in s3://BUCKET/PREFIX, whatever service AWS_ENDPOINT_URL names`,
  );
}

/**
 * The directory beside the history for what is appended line by line, which object storage cannot: the history itself
 * where it is a directory, else `datasets` in the project.
 */
export function localRoot(root?: string): string {
  const found = storeRoot(root);
  return isUrl(found) ? join(projectRoot(), 'datasets') : found;
}

/** Whether a root, or what lies under it, is a URL rather than a directory. */
export function isUrl(root: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(root);
}

/** A path under a root, be it a directory or a URL. */
export function under(root: string, ...names: readonly string[]): string {
  return isUrl(root) ? [root, ...names].join('/') : join(root, ...names);
}

/** The history as a directory. @throws LabError `usage` where it is a bucket @param what such as `lab data gc` */
export function directoryRoot(what: string): string {
  const root = storeRoot();
  refuseUrl(root, what);
  return root;
}

/** @throws LabError `usage` for a store that is no directory @param what such as `lab data gc` */
export function refuseUrl(root: string, what: string): void {
  if (!isUrl(root)) return;
  throw new LabError(
    'usage',
    `${what} needs a history in a directory, and LAB_STORE is ${root}; do it in a directory and import into the bucket from there`,
  );
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
