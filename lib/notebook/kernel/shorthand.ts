import type ts from 'typescript';
import { stock } from './typescript-shim.ts';

/**
 * Writes `{ fast }` as `{ fast: fast }`. tslab turns a name of an earlier cell into `exports.fast` but overlooks the
 * short form, which then type-checks and fails when it runs. `({ fast, slow = 5 } = found)` is the same form as a
 * target, and is written out alike.
 */
export function expandShorthand(source: string): string {
  if (!/[{,]\s*[\w$]/.test(source)) return source;
  const edits: { at: number; text: string }[] = [];
  const file = stock.createSourceFile('cell.ts', source, stock.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (stock.isShorthandPropertyAssignment(node)) {
      edits.push({ at: node.name.end, text: `: ${node.name.text}` });
    }
    stock.forEachChild(node, visit);
  };
  visit(file);
  return edits.reduceRight((text, { at, text: added }) => {
    return text.slice(0, at) + added + text.slice(at);
  }, source);
}
