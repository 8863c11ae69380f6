import { LabError } from '../../core/errors.ts';
import { bytesOf, linesOf, type OnRead } from './blocks.ts';

/** Up to this much is parsed as one value; of a longer file the items are cut out of its array as it is read. */
const WHOLE_BYTES = 32 << 20;

/** The values of a JSON file, and what one is called: an item of its array, or a line. */
export interface JsonValues {
  readonly row: 'item' | 'line';
  /** In the order of the file, some thousands at a time. */
  readonly batches: AsyncIterable<readonly unknown[]>;
}

/**
 * Opens JSON, or JSON with a value a line.
 *
 * @param head   its first lines
 * @param listIn finds the array of values in a value that wraps it
 */
export function openJson(
  path: string,
  file: string,
  head: string,
  listIn: (value: unknown) => readonly unknown[] | undefined,
  onRead?: OnRead,
): JsonValues {
  const [first = '', ...others] = head.split('\n');
  const second = others.find((line) => line.trim() !== '');
  const perLine = second !== undefined && isWhole(first) && isWhole(second);
  const chunks = bytesOf(path, onRead);
  return perLine
    ? { row: 'line', batches: lineValues(chunks, file) }
    : { row: 'item', batches: itemValues(chunks, file, listIn) };
}

function isWhole(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

async function* lineValues(
  chunks: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<readonly unknown[]> {
  let number = 0;
  for await (const block of linesOf(chunks, 1 << 20)) {
    const lines = block.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    const values: unknown[] = [];
    for (const line of lines) {
      number++;
      const text = line.replace(/^\uFEFF/, '');
      if (text.trim() === '') continue;
      try {
        values.push(JSON.parse(text));
      } catch (cause) {
        throw new LabError(
          'data',
          `${file} line ${number} is no JSON: ${(cause as Error).message}; correct or remove the line and import again`,
          { cause },
        );
      }
    }
    yield values;
  }
}

async function* itemValues(
  chunks: AsyncGenerator<Buffer>,
  file: string,
  listIn: (value: unknown) => readonly unknown[] | undefined,
): AsyncGenerator<readonly unknown[]> {
  const held: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length <= WHOLE_BYTES) continue;
    yield* itemsOf(joined(held, chunks), file);
    return;
  }
  const text = Buffer.concat(held)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const value = parsed(text, file, 'it may have been cut, fetch it again');
  const values = listIn(value);
  if (values === undefined || values.length === 0) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text.trim();
    throw new LabError(
      'data',
      `${file} holds ${shown}; expected an array of bars, prints or headlines`,
    );
  }
  yield values;
}

async function* joined(
  held: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield* held;
  yield* rest;
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

/** The items of the first array in the bytes, which must be the only one that is not inside an item. */
export async function* itemsOf(
  chunks: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<readonly unknown[]> {
  let rest: Buffer = Buffer.alloc(0);
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let ended = false;
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let from = 0;
    let comma = -1;
    for (let at = rest.length; at < bytes.length; at++) {
      const byte = bytes[at];
      if (quoted) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) quoted = false;
      } else if (byte === QUOTE) quoted = true;
      else if (byte === OPEN_LIST && depth === 0) {
        if (ended) throw several(file);
        depth = 1;
        from = at + 1;
      } else if (depth === 0) continue;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        depth--;
        if (depth > 0) continue;
        yield listOf(bytes.subarray(from, at), file);
        ended = true;
        from = at + 1;
        comma = -1;
      } else if (byte === COMMA && depth === 1) comma = at;
    }
    if (depth === 0) rest = Buffer.alloc(0);
    else {
      if (comma >= 0) yield listOf(bytes.subarray(from, comma), file);
      rest = bytes.subarray(comma >= 0 ? comma + 1 : from);
    }
  }
  if (!ended) parsed('[', file, 'it may have been cut, fetch it again');
}

const listOf = (bytes: Buffer, file: string) =>
  parsed(`[${bytes.toString('utf8')}]`, file, 'correct it and import again') as unknown[];

function parsed(text: string, file: string, advice: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabError('data', `${file} is no JSON: ${(cause as Error).message}; ${advice}`, {
      cause,
    });
  }
}

function several(file: string): LabError {
  return new LabError(
    'data',
    `${file} holds several arrays, and is too long to choose among them; import each from a file of its own`,
  );
}
