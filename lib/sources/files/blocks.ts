import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { isLabError, LabError } from '../../core/errors.ts';
import { openZipped } from './unzip.ts';

const NEWLINE = 10;

/** Called while a file is read, with the bytes of it that were. */
export type OnRead = (bytes: number) => void;

/** How a zip begins. */
export const ZIP = 'PK\x03\x04';

/**
 * The bytes of a file as they come from the disk, unpacked where it is gzipped, or a zip of one file.
 *
 * @throws LabError `io` when it cannot be read
 */
export async function* bytesOf(path: string, onRead?: OnRead): AsyncGenerator<Buffer> {
  const chunks = storedBytesOf(path, onRead);
  try {
    const { done, value: first } = await chunks.next();
    if (done) return;
    if (first.toString('latin1', 0, 4) === ZIP)
      yield* (await openZipped(path, true)) as AsyncIterable<Buffer>;
    else if (first[0] === 0x1f && first[1] === 0x8b) yield* unpacked(first, chunks);
    else {
      yield first;
      yield* chunks;
    }
  } catch (cause) {
    if (isLabError(cause)) throw cause;
    throw new LabError(
      'io',
      `cannot unpack ${path}: ${(cause as Error).message}; it may have been cut, fetch it again`,
      { cause },
    );
  } finally {
    await chunks.return(undefined);
  }
}

/** The same, still packed. */
export async function* storedBytesOf(path: string, onRead?: OnRead): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: 1 << 20 });
  let read = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      read += chunk.length;
      onRead?.(read);
      yield chunk;
    }
  } catch (cause) {
    throw new LabError('io', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  } finally {
    source.destroy();
  }
}

async function* unpacked(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  const fed = (async () => {
    const write = (chunk: Buffer) =>
      gunzip.write(chunk) || new Promise((resolve) => gunzip.once('drain', resolve));
    await write(first);
    for await (const chunk of rest) await write(chunk);
    gunzip.end();
  })();
  fed.catch((error: Error) => gunzip.destroy(error));
  yield* gunzip as AsyncIterable<Buffer>;
  await fed;
}

/** The first bytes of a file, at most so many. */
export async function headOf(path: string, most: number, bytes = bytesOf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes(path)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** Bytes that come in pieces as blocks of whole lines; only the last one may lack its newline. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  atLeast = 4 << 20,
): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < atLeast) continue;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) continue;
    held[held.length - 1] = chunk.subarray(0, end);
    yield Buffer.concat(held);
    held = [chunk.subarray(end)];
    length = chunk.length - end;
  }
  if (length > 0) yield Buffer.concat(held);
}
