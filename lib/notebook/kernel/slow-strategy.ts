import type ts from 'typescript';
import { stock } from './typescript-shim.ts';

const HANDLERS: ReadonlySet<string> = new Set(['onBar', 'onFill']);

/**
 * What makes a strategy of a cell slow: compiled cells reach the names of other cells, and write their own top-level
 * ones, through an object, `exports.fast`, which costs tens of nanoseconds each time where a local costs none.
 *
 * @param compiled JavaScript of one cell
 * @returns the names that `onBar` and `onFill` touch so, each once, in order
 */
export function slowNames(compiled: string): string[] {
  if (!/\bon(Bar|Fill)\b/.test(compiled)) return [];
  const found = new Set<string>();
  const file = stock.createSourceFile('cell.js', compiled, stock.ScriptTarget.Latest, true);
  const collect = (node: ts.Node): void => {
    if (
      stock.isPropertyAccessExpression(node) &&
      stock.isIdentifier(node.expression) &&
      node.expression.text === 'exports'
    ) {
      found.add(node.name.text);
    }
    stock.forEachChild(node, collect);
  };
  const visit = (node: ts.Node): void => {
    const named =
      stock.isMethodDeclaration(node) ||
      stock.isPropertyAssignment(node) ||
      stock.isPropertyDeclaration(node);
    if (named && stock.isIdentifier(node.name) && HANDLERS.has(node.name.text)) collect(node);
    else stock.forEachChild(node, visit);
  };
  visit(file);
  return [...found];
}

/** The warning under the cell; undefined when there is nothing to say. */
export function slowStrategyWarning(compiled: string): string | undefined {
  const names = slowNames(compiled);
  const [first] = names;
  if (first === undefined) return undefined;
  return (
    `slow strategy: on each bar it touches ${names.join(', ')} at the top level of the notebook, which makes it several ` +
    `times slower and keeps its state outside of it. Copy what it reads inside \`create\`, as in ` +
    `\`const ${first}Here = ${first};\`, pass it as a parameter, and keep what it writes in a variable of \`create\`.\n`
  );
}
