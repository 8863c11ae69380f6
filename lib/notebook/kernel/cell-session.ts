import { format, inspect } from 'node:util';
import { DISPLAY, isDisplayable, type MimeBundle } from '../mime-bundle.ts';
import { type CellError, compileError, interruptedError, runtimeError } from './cell-error.ts';
import { CellHistory } from './cell-history.ts';
import { cellNames } from './cell-names.ts';
import { CellVariables } from './cell-variables.ts';
import { CellInterrupt } from './interrupt.ts';
import { expandShorthand } from './shorthand.ts';
import { slowStrategyWarning } from './slow-strategy.ts';
import { claimMaps } from './source-maps.ts';
import { hasTopLevelAwait } from './top-level-await.ts';
import {
  type Completion,
  type ConvertedCell,
  type Converter,
  loadTslab,
  type Tslab,
} from './tslab.ts';

export type CellOutcome =
  | {
      readonly status: 'ok';
      readonly result: MimeBundle | undefined;
      /** What the reader of the result should know of the cells it came from. */
      readonly notes: readonly string[];
    }
  | { readonly status: 'error'; readonly error: CellError };

/**
 * Runs cells one after another, each seeing the names of those before it. tslab compiles and executes; around it
 * stand the mends of its defects, a file each.
 */
export class CellSession {
  readonly tslab: Tslab = loadTslab();
  readonly history = new CellHistory();
  readonly #converter: Converter;
  readonly #variables: CellVariables;
  readonly #interrupt: CellInterrupt;
  readonly #execute: (source: string) => Promise<boolean>;
  /** Declarations of everything the cells so far have named, also of a cell that failed half way. */
  #declarations = '';
  #cell = 0;
  /** The same each time the cell is run. */
  #key = '';
  #error: CellError | undefined;
  #last: unknown;

  constructor(root: string) {
    this.#converter = this.tslab.createConverter({ isJS: false, isBrowser: false });
    const mended: Converter = {
      ...this.#converter,
      convert: (_, source) => this.#convert(source),
    };
    const executor = this.tslab.createExecutor(
      root,
      { node: mended, browser: mended, close: () => this.#converter.close() },
      {
        log: (value) => {
          this.#last = value;
        },
        error: (...values) => {
          this.#error ??= thrownError(values);
        },
      },
    );
    this.#execute = executor.execute;
    this.#variables = new CellVariables(executor.locals);
    this.#interrupt = new CellInterrupt(executor.interrupt);
    const scope = globalThis as unknown as { __tslab__: { exports: unknown } };
    scope.__tslab__.exports = this.#variables.values;
  }

  /**
   * Runs one cell.
   *
   * @param count the number the cell is known by in stack traces
   * @param key the same each time the cell is run
   */
  async execute(source: string, count: number, key: string): Promise<CellOutcome> {
    this.#cell = count;
    this.#key = key;
    this.#error = undefined;
    this.#last = undefined;
    this.#interrupt.begin();
    try {
      const ok = await this.#execute(source);
      this.history.end(this.#variables.values);
      if (ok) {
        const result = await present(this.#last);
        const notes = result ? this.history.staleNotes(this.#variables.values) : [];
        return { status: 'ok', result, notes };
      }
      return { status: 'error', error: this.#error ?? interruptedError() };
    } catch (thrown) {
      return { status: 'error', error: runtimeError(thrown) };
    } finally {
      this.#interrupt.end();
      this.#last = undefined;
    }
  }

  interrupt(): void {
    this.#interrupt.interrupt();
  }

  complete(source: string, position: number): Completion {
    return this.#converter.complete(this.#declarations, source, position);
  }

  /** What the editor shows for the name at `position`; undefined when there is nothing to say. */
  inspect(source: string, position: number): string | undefined {
    const info = this.#converter.inspect(this.#declarations, source, position);
    return info ? this.tslab.printQuickInfo(info) : undefined;
  }

  close(): void {
    this.#converter.close();
  }

  #convert(source: string): ConvertedCell {
    const cell = this.#converter.convert(this.#declarations, expandShorthand(source));
    if (cell.diagnostics.length > 0) {
      this.#error = compileError(cell.diagnostics);
      return cell;
    }
    this.#declarations = cell.declOutput ?? '';
    for (const { path, data } of cell.sideOutputs ?? []) claimMaps(data, path);
    if (cell.output === undefined) return cell;
    const warning = slowStrategyWarning(cell.output);
    if (warning !== undefined) process.stderr.write(warning);
    this.history.begin(this.#cell, this.#key, source, cellNames(source, cell.output));
    const script = `cell[${this.#cell}]`;
    claimMaps(cell.output, script);
    this.#variables.prepare(cell.output, cell.lastExpressionVar);
    return {
      ...cell,
      output: `${cell.output}\n//# sourceURL=${script}`,
      hasToplevelAwait: hasTopLevelAwait(source),
    };
  }
}

/** The executor reports an exception as itself, and its own remarks as a format and values. */
function thrownError(values: readonly unknown[]): CellError {
  const [first] = values;
  if (first instanceof Error && first.message === 'Interrupted asynchronously') {
    return interruptedError();
  }
  return values.length === 1 ? runtimeError(first) : runtimeError(new Error(format(...values)));
}

/** How the last expression of a cell is shown: by itself if it knows how, else as Node prints it. */
async function present(value: unknown): Promise<MimeBundle | undefined> {
  if (value === undefined || value === null) return undefined;
  if (isDisplayable(value)) return value[DISPLAY]();
  return { 'text/plain': inspect(value) };
}
