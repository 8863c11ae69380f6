import { LabError } from '../core/errors.ts';
import { readText, replaceText } from './durable-file.ts';
import { under } from './location.ts';

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
export async function checkSchema(root: string): Promise<void> {
  const found = await storedSchema(root);
  if (found <= SCHEMA) return;
  throw new LabError(
    'data',
    `the history in ${root} has layout ${found}, and this program knows ${SCHEMA}; update the program, or set LAB_STORE to another directory`,
  );
}

/** Writes down that what is written from now on has this program's layout. */
export async function raiseSchema(root: string): Promise<void> {
  await checkSchema(root);
  if ((await storedSchema(root)) === SCHEMA) return;
  await replaceText(under(root, FILE), `{ "schema": ${SCHEMA} }\n`);
}

async function storedSchema(root: string): Promise<number> {
  const path = under(root, FILE);
  const text = await readText(path);
  if (text === undefined) return 1; // from before there was the file, or not there at all
  const found = /"schema": (\d+)/.exec(text)?.[1];
  if (found !== undefined) return Number(found);
  throw new LabError('data', `${path} is damaged; it holds { "schema": ${SCHEMA} }`);
}
