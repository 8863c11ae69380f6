import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { LabError } from '../../core/errors.ts';

/**
 * The lines of the one file in a zip, some thousands at a time; nothing is held but those.
 *
 * @throws LabError `data` when it is no zip, or holds no file
 */
export async function* zippedLines(path: string): AsyncGenerator<string[]> {
  let rest = '';
  try {
    const stream = await openOnly(path);
    stream.setEncoding('latin1');
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines;
    }
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    throw new LabError('data', `${path} cannot be unzipped: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (rest !== '') yield [rest];
}

function openOnly(path: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => reject(new LabError('data', `${path} is a zip without a file`)));
      zip.on('entry', (entry) => {
        if (entry.fileName.endsWith('/')) return zip.readEntry();
        zip.openReadStream(entry, (error, stream) => {
          if (error) return reject(error);
          stream.on('close', () => zip.close());
          resolve(stream);
        });
      });
      zip.readEntry();
    });
  });
}
