import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { replaceFile } from './durable-file.ts';

/**
 * The version of the layout, which is raised when an older program would misread what a newer one wrote: 1 has bars and
 * ticks, one file a partition; 2 has the kinds of `TABLES` and partitions in parts. What 1 wrote reads as 2, so a store
 * without the file is of version 1 and becomes 2 with the first write.
 */
const SCHEMA = 2;

const FILE = 'schema.json';

/**
 * Looks whether this program understands what is under the root.
 *
 * @throws LabError `data` when a newer one wrote there
 */
export function checkSchema(root: string): void {
  const found = storedSchema(root);
  if (found <= SCHEMA) return;
  throw new LabError(
    'data',
    `the history in ${root} has layout ${found}, and this program knows ${SCHEMA}; update the program, or set LAB_STORE to another directory`,
  );
}

/** Writes down that what is written from now on has this program's layout. */
export async function raiseSchema(root: string): Promise<void> {
  checkSchema(root);
  if (storedSchema(root) === SCHEMA) return;
  await replaceFile(join(root, FILE), (path) => writeFile(path, `{ "schema": ${SCHEMA} }\n`));
}

function storedSchema(root: string): number {
  const path = join(root, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 1; // from before there was the file, or not there at all
  }
  const found = /"schema": (\d+)/.exec(text)?.[1];
  if (found !== undefined) return Number(found);
  throw new LabError('data', `${path} is damaged; it holds { "schema": ${SCHEMA} }`);
}
