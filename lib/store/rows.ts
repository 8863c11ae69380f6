import { LabError } from '../core/errors.ts';
import type { ColumnType, Table } from './tables.ts';

/** A column in memory. */
export type Column = Float64Array | Int8Array | readonly string[];
/** Columns of equal length by name. */
export type Columns = Readonly<Record<string, Column>>;

/** The same columns, seen as what any table has. */
export function asColumns(columns: object): Columns {
  return columns as Columns;
}

export function allocateColumn(type: ColumnType, rows: number): Column {
  if (type === 'text') return new Array<string>(rows).fill('');
  return type === 'tiny' ? new Int8Array(rows) : new Float64Array(rows);
}

export function allocateRows(table: Table, rows: number): Columns {
  return mapColumns(table, (_, type) => allocateColumn(type, rows));
}

export function rowCount(table: Table, rows: Columns): number {
  return rows[table.time]!.length;
}

/** Rows [from, to); numbers are views. */
export function sliceRows(table: Table, rows: Columns, from: number, to: number): Columns {
  return mapColumns(table, (name) => {
    const column = rows[name]!;
    return isText(column) ? column.slice(from, to) : column.subarray(from, to);
  });
}

/** Copies `values` into `target` from row `at` on; both are of one type. */
export function copyInto(target: Column, values: Column, at: number): void {
  if (isText(target)) {
    const texts = target as string[];
    for (let i = 0; i < values.length; i++) texts[at + i] = values[i] as string;
  } else target.set(values as Float64Array, at);
}

/**
 * The rows in the table's order, one of each key, the last of equals; themselves when they are so already.
 *
 * @throws LabError `data` naming the column that is missing, too short or not of its type, or the row without a time
 */
export function orderRows(table: Table, rows: Columns, what: string): Columns {
  checkColumns(table, rows, what);
  const count = rowCount(table, rows);
  const key = keyColumns(table, rows);
  let ordered = true;
  for (let i = 1; i < count && ordered; i++) ordered = compareKeys(key, i - 1, key, i) < 0;
  if (ordered) return rows;
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => compareKeys(key, a, key, b) || a - b);
  const last = order.filter(
    (row, i) => i + 1 === count || compareKeys(key, row, key, order[i + 1]!) < 0,
  );
  return gather(table, [rows], new Uint8Array(last.length), last);
}

/**
 * The union of two ordered sets of rows by key; where both have a row the fresh one stands. Returns `stored` itself when
 * nothing changes.
 */
export function mergeRows(table: Table, stored: Columns, fresh: Columns): Columns {
  if (rowCount(table, stored) === 0 && rowCount(table, fresh) > 0) return fresh;
  const [a, b] = [keyColumns(table, stored), keyColumns(table, fresh)];
  const [rowsA, rowsB] = [rowCount(table, stored), rowCount(table, fresh)];
  const from = new Uint8Array(rowsA + rowsB);
  const row = new Uint32Array(rowsA + rowsB);
  let changed = false;
  let [i, j, rows] = [0, 0, 0];
  while (i < rowsA || j < rowsB) {
    const order = i === rowsA ? 1 : j === rowsB ? -1 : compareKeys(a, i, b, j);
    const takeFresh = order >= 0;
    changed ||= order > 0 || (order === 0 && !sameRow(table, stored, i, fresh, j));
    from[rows] = takeFresh ? 1 : 0;
    row[rows] = takeFresh ? j : i;
    if (order <= 0) i++;
    if (takeFresh) j++;
    rows++;
  }
  if (!changed) return stored;
  return gather(table, [stored, fresh], from.subarray(0, rows), row.subarray(0, rows));
}

/** Row i of the result is row `row[i]` of `sources[from[i]]`. */
function gather(
  table: Table,
  sources: readonly Columns[],
  from: Uint8Array,
  row: Uint32Array,
): Columns {
  return mapColumns(table, (name, type) => {
    const target = allocateColumn(type, row.length) as string[];
    const columns = sources.map((source) => source[name] as readonly string[]);
    for (let i = 0; i < row.length; i++) target[i] = columns[from[i]!]![row[i]!]!;
    return target;
  });
}

function keyColumns(table: Table, rows: Columns): readonly Column[] {
  return table.key.map((name) => rows[name]!);
}

/** NaN stands after every number and equals itself. */
function compareKeys(a: readonly Column[], i: number, b: readonly Column[], j: number): number {
  for (let k = 0; k < a.length; k++) {
    const x = a[k]![i]!;
    const y = b[k]![j]!;
    if (x < y) return -1;
    if (x > y) return 1;
    if (x !== y) {
      const order = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      if (order !== 0) return order;
    }
  }
  return 0;
}

function sameRow(table: Table, a: Columns, i: number, b: Columns, j: number): boolean {
  return Object.keys(table.columns).every((name) => Object.is(a[name]![i], b[name]![j]));
}

function checkColumns(table: Table, rows: Columns, what: string): void {
  const count = rows[table.time]?.length;
  for (const [name, type] of Object.entries(table.columns)) {
    const column = rows[name];
    const fits =
      type === 'text'
        ? Array.isArray(column)
        : column instanceof (type === 'tiny' ? Int8Array : Float64Array);
    if (fits && column!.length === count) continue;
    const wanted = { text: 'an array of texts', tiny: 'an Int8Array', double: 'a Float64Array' };
    throw new LabError(
      'data',
      `${what} cannot be stored: column ${name} is ${column === undefined ? 'missing' : `${column.constructor.name} of ${column.length}`}; expected ${wanted[type]} of ${count ?? 'equal length'}`,
    );
  }
  const time = rows[table.time] as Float64Array;
  const bad = time.findIndex((ts) => !(ts >= 0 && ts < 8.64e15));
  if (bad < 0) return;
  throw new LabError(
    'data',
    `${what} cannot be stored: row ${bad} has ${table.time} ${time[bad]}; expected UTC epoch milliseconds`,
  );
}

function mapColumns(table: Table, make: (name: string, type: ColumnType) => Column): Columns {
  return Object.fromEntries(
    Object.entries(table.columns).map(([name, type]) => [name, make(name, type)]),
  );
}

function isText(column: Column): column is readonly string[] {
  return Array.isArray(column);
}
