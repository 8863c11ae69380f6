import { LabError } from '../../core/errors.ts';
import { openZipped } from '../files/unzip.ts';

/**
 * The lines of the one file in a zip, some thousands at a time; nothing is held but those.
 *
 * @throws LabError `data` when it is no zip, or holds no file
 */
export async function* zippedLines(path: string): AsyncGenerator<string[]> {
  let rest = '';
  try {
    const stream = await openZipped(path);
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
