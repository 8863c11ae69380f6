import { createRequire } from 'node:module';
import { installTypeScript } from './typescript-shim.ts';

/** The parts of tslab that we stand on, as they are in 1.0.22: its converter of cells and its executor. */
export interface ConvertedCell {
  output?: string;
  declOutput?: string;
  diagnostics: readonly Diagnostic[];
  lastExpressionVar?: string;
  hasToplevelAwait?: boolean;
  sideOutputs?: readonly { readonly path: string; readonly data: string }[];
}

export interface Diagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly fileName?: string;
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

export interface Converter {
  convert(declarations: string, source: string): ConvertedCell;
  inspect(declarations: string, source: string, position: number): unknown;
  complete(declarations: string, source: string, position: number): Completion;
  addModule(name: string, source: string, meta?: unknown): readonly Diagnostic[];
  close(): void;
}

export interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  readonly locals: Record<string, unknown>;
}

export interface Tslab {
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  isCompleteCode(source: string): { completed: boolean; indent?: string };
  createExecutor(
    root: string,
    converters: { node: Converter; browser: Converter; close(): void },
    console: { log(value: unknown): void; error(...values: unknown[]): void },
  ): Executor;
  printQuickInfo(info: unknown): string;
  /** tslab's public `display` writes here. */
  readonly jupyter: { lastWriteDisplayData: ((data: DisplayData, update: boolean) => void) | null };
}

export interface DisplayData {
  readonly data: Record<string, unknown>;
  readonly transient?: { readonly display_id?: string };
}

/** Loads tslab on the project's TypeScript. */
export function loadTslab(): Tslab {
  installTypeScript();
  const require = createRequire(import.meta.url);
  return {
    ...require('tslab/dist/converter.js'),
    ...require('tslab/dist/executor.js'),
    ...require('tslab/dist/inspect.js'),
    jupyter: require('tslab/dist/jupyter.js'),
  } as Tslab;
}
