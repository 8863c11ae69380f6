import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { PROJECT_ROOT } from './shared-data.ts';

/** One `import`, `export … from`, `import()` or `new URL('./x.js', import.meta.url)` of a source file. */
export interface SourceImport {
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Path from the project's root of the file it means; undefined for packages and Node's modules. */
  readonly file: string | undefined;
}

export interface SourceFile {
  /** Path from the project's root. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly SourceImport[];
  /** Uses of a clock or of unseeded randomness, as `line: expression`. */
  readonly impurities: readonly string[];
}

const NOT_SOURCE = new Set(['node_modules', 'dist']);

/** Paths of the files under a folder whose name matches, from the project's root, in order. */
export function listFiles(folder: string, name: RegExp): string[] {
  return readdirSync(join(PROJECT_ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return NOT_SOURCE.has(entry.name) ? [] : listFiles(path, name);
      return name.test(entry.name) ? [path] : [];
    })
    .sort();
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(PROJECT_ROOT, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: SourceImport[] = [];
  const impurities: string[] = [];
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;

  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      imports.push({ line: lineOf(node), specifier, file: resolveImport(path, specifier) });
    }
    if (isImpure(node)) impurities.push(`${lineOf(node)}: ${node.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, lines: text.split('\n').length - 1, imports, impurities };
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return node.moduleSpecifier && textOf(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return textOf(node.argument.literal);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]);
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const [target, base] = node.arguments ?? [];
    const text = textOf(target);
    return base?.getText() === 'import.meta.url' && text && /\.[jt]s$/.test(text)
      ? text
      : undefined;
  }
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Own files are imported with `.ts`, by the name of their compiled package, or by URL as the compiled `.js`. */
function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
  }
  const own = /^@streamscalp\/(lib|strategies|live)(?:\/(.+))?$/.exec(specifier);
  return own ? `${own[1]}/${own[2] ?? 'index'}.ts` : undefined;
}

const CLOCKS = new Set(['Date.now', 'Math.random', 'performance.now']);

function isImpure(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return CLOCKS.has(node.getText());
  return (
    ts.isNewExpression(node) &&
    node.expression.getText() === 'Date' &&
    (node.arguments?.length ?? 0) === 0
  );
}
