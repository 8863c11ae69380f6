import { realpath, stat, writeFile } from 'node:fs/promises';
import { isLabError, LabError } from '../core/errors.ts';
import { replaceFile } from '../store/durable-file.ts';

/** One JSON document on stdout, and nothing else: what `--json` promises. NaN and infinities become null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/**
 * Writes a file that a command was asked for, whole or not at all. What is there already and is no plain file, such as
 * a pipe, is written to and not replaced.
 *
 * @throws LabError `io` when it cannot be written
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    const there = await stat(path).catch(() => undefined);
    if (there && !there.isFile()) await writeFile(path, text);
    else
      await replaceFile(there ? await realpath(path) : path, (temporary) =>
        writeFile(temporary, text),
      );
  } catch (cause) {
    const { message } = (isLabError(cause) ? cause.cause : cause) as Error;
    throw new LabError(
      'io',
      `cannot write ${path}: ${message}; name a file in a folder that can be written to`,
      { cause },
    );
  }
}

/** A cell of a table: numbers are aligned right and shown at full precision, absent values as nothing. */
export type Cell = string | number | boolean | null | undefined;

/** A table for people on stdout: a header, a rule, and a line per row. */
export function printTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): void {
  process.stdout.write(`${tableText(columns, rows)}\n`);
}

export function tableText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => columns.map((_, i) => cellText(row[i])));
  const numeric = columns.map((_, i) => {
    const values = rows.map((row) => row[i]).filter((cell) => cell !== null && cell !== undefined);
    return values.length > 0 && values.every((cell) => typeof cell === 'number');
  });
  const widths = columns.map((name, i) =>
    Math.max(displayWidth(name), ...texts.map((row) => displayWidth(row[i]!))),
  );
  const lineOf = (cells: readonly string[]) =>
    cells
      .map((text, i) => {
        const space = ' '.repeat(widths[i]! - displayWidth(text));
        return numeric[i] ? space + text : text + space;
      })
      .join('  ')
      .trimEnd();
  return [lineOf(columns), widths.map((width) => '─'.repeat(width)).join('  ')]
    .concat(texts.map(lineOf))
    .join('\n');
}

function cellText(cell: Cell): string {
  return cell === null || cell === undefined ? '' : String(cell).replaceAll(/\s+/g, ' ');
}

function displayWidth(text: string): number {
  return [...text].length;
}

/** Shows on stderr how far a long piece of work has come. */
export interface ProgressBar {
  /** @param done of the total; `suffix` is a short remark such as the best result so far */
  tick(done: number, suffix?: string): void;
  end(): void;
}

/** Work that takes less is not worth a line. */
const QUIET_MS = 1000;
const REDRAW_MS = 100;
const BAR_WIDTH = 30;

/**
 * A bar drawn in place where stderr is a terminal, else a line at about every tenth; nothing for work that is done
 * within a second.
 */
export function progress(label: string, total: number): ProgressBar {
  const { stderr } = process;
  const started = performance.now();
  let drawn = Number.NEGATIVE_INFINITY;
  let tenth = 0;
  let shown = false;

  const show = (done: number, suffix: string) => {
    const elapsed = performance.now() - started;
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const left =
      share > 0 && share < 1 ? `  ${spanText((elapsed / share) * (1 - share))} left` : '';
    const remark = suffix ? `  ${suffix}` : '';
    if (stderr.isTTY) {
      const full = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
      const text = `${label} ${bar} ${percent}${left}${remark}`;
      stderr.write(`\r\x1b[2K${[...text].slice(0, (stderr.columns ?? 80) - 1).join('')}`);
    } else {
      stderr.write(`${label} ${percent.trim()}${left}${remark}\n`);
    }
    shown = true;
  };

  return {
    tick(done, suffix = '') {
      const now = performance.now();
      if (now - started < QUIET_MS) return;
      const reached = total > 0 ? Math.floor((10 * done) / total) : 10;
      const due = stderr.isTTY ? now - drawn >= REDRAW_MS : reached > tenth;
      if (!due) return;
      drawn = now;
      tenth = reached;
      show(done, suffix);
    },
    end() {
      if (!shown) return;
      if (stderr.isTTY) stderr.write('\r\x1b[2K');
      stderr.write(`${label} done in ${spanText(performance.now() - started)}\n`);
      shown = false;
    },
  };
}

function spanText(millis: number): string {
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
