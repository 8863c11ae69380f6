import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '../core/errors.ts';
import { diskRefusal } from './durable-file.ts';

const NEWLINE = 10;

/**
 * Appends lines to a file that several processes append to. All lines go in one write with O_APPEND, so those of two
 * processes never mix. When the last writer was killed inside a line, that torn line is ended first: it is lost, the
 * lines after it are not.
 *
 * @param onDisk `now` waits until the disk has it; `soon` asks for it and goes on, which only a loss of power can make a
 *   difference to, and warns when the disk could not; `whenever` leaves it to the system
 * @throws LabError `io` when the disk refuses
 */
export function appendLines(
  path: string,
  lines: readonly string[],
  onDisk: 'now' | 'soon' | 'whenever',
): void {
  if (lines.length === 0) return;
  try {
    appendWhole(path, lines, onDisk);
  } catch (error) {
    throw diskRefusal(path, error);
  }
}

function appendWhole(
  path: string,
  lines: readonly string[],
  onDisk: 'now' | 'soon' | 'whenever',
): void {
  mkdirSync(dirname(path), { recursive: true });
  const { O_APPEND, O_CREAT, O_RDWR } = constants;
  const file = openSync(path, O_RDWR | O_APPEND | O_CREAT, 0o644);
  try {
    const bytes = Buffer.from(`${endsTorn(file) ? '\n' : ''}${lines.join('\n')}\n`);
    const written = writeSync(file, bytes);
    if (written < bytes.length) {
      throw new LabError(
        'io',
        `${path} took ${written} of ${bytes.length} bytes; free space on its disk and run again`,
      );
    }
    if (onDisk === 'now') fsyncSync(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  if (onDisk === 'soon') fsync(file, (error) => closeAfterSync(path, file, error));
  else closeSync(file);
}

function closeAfterSync(path: string, file: number, error: Error | null): void {
  closeSync(file);
  if (error) process.emitWarning(`${path} may not survive a loss of power: ${error.message}`);
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}
