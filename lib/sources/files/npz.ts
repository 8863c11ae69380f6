import { isLabError, LabError } from '../../core/errors.ts';
import { openZipped } from './unzip.ts';

/** A one-dimensional array of records in a `.npz` of numpy. */
export interface RecordArray {
  /** Of each field its name and numpy's type, such as `<u8`, in their order. */
  readonly fields: readonly (readonly [name: string, type: string])[];
  readonly length: number;
  /** The bytes of whole records, as they are unpacked. */
  readonly blocks: AsyncIterable<Buffer>;
}

const MAGIC = '\x93NUMPY';

/** Whether a zip begins with an array of numpy, by the name of its first file. */
export function isNpz(head: Buffer): boolean {
  const name = head.toString('latin1', 30, 30 + head.readUInt16LE(26));
  return name.endsWith('.npy');
}

/**
 * Opens the first array of a `.npz`. Nothing but the block under way is in memory.
 *
 * @throws LabError `data` when it cannot be unzipped, or is no array of records with numbers of eight bytes
 */
export async function openNpz(path: string, file: string): Promise<RecordArray> {
  const chunks = unzipped(path, file);
  let head = Buffer.alloc(0);
  let end = Number.POSITIVE_INFINITY;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done) throw new LabError('data', `${file} ends inside its header; fetch it again`);
    head = Buffer.concat([head, value]);
    if (head.length < 12) continue;
    if (head.toString('latin1', 0, 6) !== MAGIC) throw unread(file, 'a file that is no array');
    const long = head[6]! > 1;
    end = (long ? 12 : 10) + (long ? head.readUInt32LE(8) : head.readUInt16LE(8));
    if (head.length >= end) break;
  }
  const text = head.toString('latin1', 10, end);
  const fields = [...text.matchAll(/\('(\w+)', '([<>|=]\w+)'\)/g)].map(
    ([, name, type]) => [name!, type!] as const,
  );
  const length = Number(/'shape': \((\d+),\)/.exec(text)?.[1] ?? Number.NaN);
  const eights = fields.every(([, type]) => /^<[uif]8$/.test(type));
  if (fields.length === 0 || !eights || Number.isNaN(length)) {
    throw unread(file, text.replace(/^[^{]*/, '').trim());
  }
  const size = 8 * fields.length;
  return { fields, length, blocks: wholeRecords(head.subarray(end), chunks, size, length, file) };
}

function unread(file: string, found: string): LabError {
  return new LabError(
    'data',
    `${file} holds ${found}; of numpy are read events of hftbacktest 2: an array of records ev, exch_ts, local_ts, px, qty, order_id, ival, fval`,
  );
}

async function* wholeRecords(
  first: Buffer,
  rest: AsyncIterable<Buffer>,
  size: number,
  length: number,
  file: string,
): AsyncGenerator<Buffer> {
  let held = first;
  let records = 0;
  for await (const chunk of rest) {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const whole = bytes.length - (bytes.length % size);
    if (whole > 0) yield bytes.subarray(0, whole);
    records += whole / size;
    held = bytes.subarray(whole);
  }
  if (held.length >= size) {
    yield held;
    records += held.length / size;
  }
  if (records === length) return;
  throw new LabError(
    'data',
    `${file} holds ${records} of the ${length} records it speaks of; fetch it again`,
  );
}

async function* unzipped(path: string, file: string): AsyncGenerator<Buffer> {
  try {
    yield* (await openZipped(path)) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw isLabError(cause) ? cause : damaged(file, cause as Error);
  }
}

function damaged(file: string, cause: Error): LabError {
  return new LabError('data', `${file} cannot be unzipped: ${cause.message}; fetch it again`, {
    cause,
  });
}
