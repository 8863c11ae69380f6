import { createRequire } from 'node:module';
import type ts from 'typescript';
import { LIBRARY_TYPES } from './library.ts';
import { rememberMaps } from './source-maps.ts';
import { watchedSystem } from './watched-system.ts';

/**
 * tslab was built on its own fork of TypeScript 5.0, whose eyes are too old for our declarations: a
 * `Float64Array<ArrayBuffer>` of a newer compiler silently decays to `any` there. This module puts the project's
 * TypeScript in the fork's place and supplies the handful of functions that only the fork has. They rest on internals
 * of the compiler, so the version is pinned exactly and the kernel tests are its guard.
 */
type Internals = typeof ts & {
  nullTransformationContext: unknown;
  getEffectiveTypeRoots(options: object, host: object): string[] | undefined;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node | undefined;
  getContainerNode(node: ts.Node): ts.Node | undefined;
  SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node,
      location: ts.Node,
    ): {
      symbolKind: ts.ScriptElementKind;
      displayParts: ts.SymbolDisplayPart[];
      documentation: ts.SymbolDisplayPart[];
      tags: ts.JSDocTagInfo[] | undefined;
    };
  };
  Completions: { getCompletionsAtPosition(...args: unknown[]): ts.CompletionInfo | undefined };
};

const require = createRequire(import.meta.url);

/** The project's own TypeScript. */
export const stock = require('typescript') as Internals;

/** Options of a cell: strict, packages seen through their `exports`, and what Node 20 offers. */
const CELL_OPTIONS: ts.CompilerOptions = {
  moduleResolution: stock.ModuleResolutionKind.Bundler,
  strict: true,
  // `catch (e) { e.message }` is how people explore; everything else stays strict.
  useUnknownInCatchVariables: false,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  rewriteRelativeImportExtensions: true,
  inlineSourceMap: true,
};

/** Makes `require('@tslab/typescript-for-tslab')` answer with the stock compiler. Call before any part of tslab loads. */
export function installTypeScript(): void {
  const fork = createRequire(require.resolve('tslab/package.json')).resolve(
    '@tslab/typescript-for-tslab',
  );
  const entry = { id: fork, filename: fork, loaded: true, exports: createShim() };
  require.cache[fork] = entry as unknown as NodeModule;
}

function createShim(): object {
  return {
    ...stock,
    createWatchCompilerHost: (
      files: string[],
      options: ts.CompilerOptions,
      system: ts.System,
      ...rest: [undefined, ts.DiagnosticReporter?, ts.WatchStatusReporter?]
    ) => {
      // In the program from the start and never out of it, so a cell that imports the library finds it read and bound,
      // and one program is built where there would be two.
      const roots = [...files, LIBRARY_TYPES];
      const cell = { ...options, ...CELL_OPTIONS };
      return stock.createWatchCompilerHost(roots, cell, watchedSystem(system), ...rest);
    },
    transpileModule: transpileWithMaps,
    getPreEmitDiagnosticsOfFiles: (program: ts.Program, files: (ts.SourceFile | undefined)[]) =>
      files.flatMap((file) => (file ? stock.getPreEmitDiagnostics(program, file) : [])),
    getNullTransformationContext: () => stock.nullTransformationContext,
    getDefaultTypeRoots: (cwd: string, host: object) =>
      stock.getEffectiveTypeRoots({}, { getCurrentDirectory: () => cwd, ...host }),
    getQuickInfoAtPosition: quickInfo,
    Completions: { ...stock.Completions, getCompletionsAtPositionForTslab: completions },
  };
}

/** The second of tslab's two compilations (modules to CommonJS), keeping the way back to the cell's own lines. */
function transpileWithMaps(source: string, options: ts.TranspileOptions): ts.TranspileOutput {
  const output = stock.transpileModule(source, {
    ...options,
    compilerOptions: { ...options.compilerOptions, inlineSourceMap: true },
  });
  return { ...output, outputText: rememberMaps(source, output.outputText) };
}

function quickInfo(
  file: ts.SourceFile,
  checker: ts.TypeChecker,
  _cancel: unknown,
  position: number,
): ts.QuickInfo | undefined {
  const node = stock.getTouchingPropertyName(file, position);
  const symbol = node && checker.getSymbolAtLocation(node);
  if (!node || !symbol) return undefined;
  const shown = stock.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
    checker,
    symbol,
    file,
    stock.getContainerNode(node) ?? node,
    node,
  );
  return {
    kind: shown.symbolKind,
    kindModifiers: '',
    textSpan: { start: node.getStart(file), length: node.getWidth(file) },
    displayParts: shown.displayParts,
    documentation: shown.documentation,
    ...(shown.tags ? { tags: shown.tags } : {}),
  };
}

function completions(host: object, program: ts.Program, ...rest: unknown[]) {
  const complete = {
    getCompilationSettings: () => program.getCompilerOptions(),
    getCurrentDirectory: () => process.cwd(),
    ...host,
  };
  return stock.Completions.getCompletionsAtPosition(complete, program, ...rest);
}
