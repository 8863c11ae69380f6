import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { LabError } from '../../core/errors.ts';

/** The text of the one file in a zip. @throws LabError `data` when it is damaged, or holds more or fewer files */
export async function unzipOne(bytes: Buffer, file: string): Promise<string> {
  const texts = await unzipAll(bytes).catch((cause: Error) => {
    throw new LabError('data', `${file} cannot be unzipped: ${cause.message}; fetch it again`, {
      cause,
    });
  });
  if (texts.length === 1) return texts[0]!;
  throw new LabError('data', `${file} holds ${texts.length} files; expected one`);
}

function unzipAll(bytes: Buffer): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const texts: string[] = [];
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => resolve(texts));
      zip.on('entry', (entry) => {
        if (entry.fileName.endsWith('/')) return zip.readEntry();
        zip.openReadStream(entry, (error, stream) => {
          if (error) return reject(error);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('error', reject);
          stream.on('end', () => {
            texts.push(Buffer.concat(parts).toString('utf8'));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}

/**
 * The bytes of the first file in a zip, as they are unpacked; nothing is held but those.
 *
 * @param only whether it must be the only one
 * @throws LabError `data` for a zip without a file, or with more than is read
 */
export function openZipped(path: string, only = false): Promise<Readable> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      if (only && zip.entryCount > 1) {
        zip.close();
        const count = `${path} holds ${zip.entryCount} files`;
        return reject(new LabError('data', `${count}; unzip it and import each of them`));
      }
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
