import { originalPosition } from './source-maps.ts';
import type { Diagnostic } from './tslab.ts';

/** A failure as the Jupyter protocol names it. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What the compiler refused, one line each, in the cell's own line numbers. */
export function compileError(diagnostics: readonly Diagnostic[]): CellError {
  const lines = diagnostics.map(({ start, messageText, fileName }) => {
    const place = `${start.line + 1}:${start.character + 1}`;
    return `${fileName === undefined ? '' : `${fileName}:`}${place} - ${messageText}`;
  });
  return { ename: 'TypeScriptError', evalue: lines.join('\n'), traceback: lines };
}

/** What a cell threw: its message, the frames of people's code in TypeScript lines, and its causes. */
export function runtimeError(thrown: unknown): CellError {
  if (!(thrown instanceof Error)) {
    const text = String(thrown);
    return { ename: 'Thrown', evalue: text, traceback: [`Thrown: ${text}`] };
  }
  if ('code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') {
    return interruptedError();
  }
  const traceback = describe(thrown);
  for (let cause = thrown.cause; cause instanceof Error; cause = cause.cause) {
    traceback.push(...describe(cause).map((line, i) => (i === 0 ? `caused by ${line}` : line)));
    if (traceback.length > 60) break;
  }
  return { ename: thrown.name, evalue: thrown.message, traceback };
}

/** The cell was stopped by its user. */
export function interruptedError(): CellError {
  const text = 'the cell was interrupted';
  return { ename: 'Interrupted', evalue: text, traceback: [`Interrupted: ${text}`] };
}

function describe(error: Error): string[] {
  const heading = `${error.name}: ${error.message}`.split('\n');
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+(at|→)\s/.test(line));
  // Below the cell lie the executor, vm and the kernel itself: nothing a reader can act on.
  const below = frames.findIndex((line) => /node:vm|[\\/]tslab[\\/]dist[\\/]/.test(line));
  const own = below < 0 ? frames : frames.slice(0, below);
  return [...heading, ...own.map(readable).filter((frame) => frame !== undefined)];
}

const FRAME = /([^\s()]+):(\d+):(\d+)(\)?)$/;

/** The frame in TypeScript lines; undefined for the wrapper that calls a cell. */
function readable(frame: string): string | undefined {
  const match = FRAME.exec(frame);
  if (!match) return frame;
  const [, script = '', line, column, close] = match;
  const at = originalPosition(script, Number(line) - 1, Number(column) - 1);
  const isCell = script.startsWith('cell[');
  if (!at) return isCell ? undefined : frame;
  // The compiler puts one line of its own before the source of a cell, and none before that of a module.
  const name = isCell ? script : script.replace(/\.js$/, '.ts');
  return frame.replace(FRAME, `${name}:${at.line + (isCell ? 0 : 1)}:${at.column + 1}${close}`);
}
