import type ts from 'typescript';
import { stock } from './typescript-shim.ts';

/** True when a cell waits outside of any function, by `await`, `for await` or `await using`. */
export function hasTopLevelAwait(source: string): boolean {
  if (!/\bawait\b/.test(source)) return false;
  const visit = (node: ts.Node): boolean => {
    if (stock.isFunctionLike(node)) return false;
    if (stock.isAwaitExpression(node)) return true;
    if (stock.isForOfStatement(node) && node.awaitModifier) return true;
    if (
      stock.isVariableDeclarationList(node) &&
      (node.flags & stock.NodeFlags.AwaitUsing) === stock.NodeFlags.AwaitUsing
    ) {
      return true;
    }
    return stock.forEachChild(node, visit) ?? false;
  };
  return visit(stock.createSourceFile('cell.ts', source, stock.ScriptTarget.Latest, true));
}
