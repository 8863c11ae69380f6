import type ts from 'typescript';
import { stock } from './typescript-shim.ts';

/** Top-level names of a cell: what it takes from other cells, and what it gives. */
export interface CellNames {
  readonly reads: ReadonlySet<string>;
  /** Declared here, or set here though another cell declared it; what it imports is not among them. */
  readonly writes: ReadonlySet<string>;
}

/**
 * Read off the compiled cell, where a name that is not the cell's own is `exports.name`, and one that it gives is set
 * as `exports.name = …`. What a cell changes inside of an object is not seen.
 */
export function cellNames(source: string, compiled: string): CellNames {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const visit = (node: ts.Node): void => {
    const name = exportedName(node);
    if (name !== undefined) {
      const operator = assignedBy(node);
      if (operator !== undefined) writes.add(name);
      if (operator !== stock.SyntaxKind.EqualsToken) reads.add(name);
    }
    stock.forEachChild(node, visit);
  };
  visit(stock.createSourceFile('cell.js', compiled, stock.ScriptTarget.Latest, true));
  for (const name of importedNames(source)) writes.delete(name);
  return { reads, writes };
}

function exportedName(node: ts.Node): string | undefined {
  if (!stock.isPropertyAccessExpression(node) || !stock.isIdentifier(node.expression)) {
    return undefined;
  }
  return node.expression.text === 'exports' ? node.name.text : undefined;
}

/** The operator that sets the node; undefined when it is only read. */
function assignedBy(node: ts.Node): ts.SyntaxKind | undefined {
  const { parent } = node;
  if (stock.isBinaryExpression(parent) && parent.left === node) {
    const { kind } = parent.operatorToken;
    const first = stock.SyntaxKind.FirstAssignment;
    return kind >= first && kind <= stock.SyntaxKind.LastAssignment ? kind : undefined;
  }
  if (!stock.isPrefixUnaryExpression(parent) && !stock.isPostfixUnaryExpression(parent)) {
    return undefined;
  }
  const { operator } = parent;
  const counts =
    operator === stock.SyntaxKind.PlusPlusToken || operator === stock.SyntaxKind.MinusMinusToken;
  return counts ? operator : undefined;
}

function importedNames(source: string): string[] {
  if (!/\bimport\b/.test(source)) return [];
  const file = stock.createSourceFile('cell.ts', source, stock.ScriptTarget.Latest, false);
  return file.statements.flatMap((statement) => {
    const clause = stock.isImportDeclaration(statement) ? statement.importClause : undefined;
    const bindings = clause?.namedBindings;
    const named = bindings && stock.isNamedImports(bindings) ? bindings.elements : [bindings];
    return [clause, ...named].flatMap((one) => (one?.name ? [one.name.text] : []));
  });
}
