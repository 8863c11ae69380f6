import { assert } from '../core/assert.ts';
import { type Millis, SECOND } from '../core/time.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Span } from '../market/spans.ts';
import type { InstrumentKey } from '../store/layout.ts';
import { PullCoverage } from '../store/pull-coverage.ts';
import type { Store } from '../store/store.ts';
import { type Rows, TABLES, type TableName } from '../store/tables.ts';
import { type PageSource, type PullOptions, type PullSummary, pull } from './pull.ts';

/** Rows reach a venue's history a moment after they happen. */
const SETTLED: Millis = 10 * SECOND;

/**
 * Fills what the store lacks of rows of one kind between `wanted.from` and `wanted.to`. They have no grid that would
 * show a hole, so what counts as present is only what an earlier pull was answered.
 *
 * @param now the venue's clock
 */
export async function pullRows<K extends TableName>(
  store: Store,
  kind: K,
  series: InstrumentKey | Instrument,
  wanted: Span,
  now: Millis,
  source: PageSource<Rows<K>>,
  options?: PullOptions,
): Promise<PullSummary> {
  const { venue, symbol } = series;
  const coverage = new PullCoverage(store.root, { venue, symbol, kind });
  await coverage.read();
  if (!(await store.has(kind, { venue, symbol }))) await coverage.clear();
  const span = { from: wanted.from, to: Math.min(wanted.to, Math.floor(now - SETTLED)) };
  const sink = {
    count: (rows: Rows<K>) => rowsIn(kind, rows),
    async store(pages: readonly Rows<K>[]): Promise<number> {
      return (await store.append(kind, series, concatRows(kind, pages))).written;
    },
  };
  return pull(span, [], coverage, source, sink, options);
}

export function rowsIn<K extends TableName>(kind: K, rows: Rows<K>): number {
  return columnsOf(rows)[TABLES[kind].time]!.length;
}

/** Rows of one kind from objects that name their columns. */
export function rowsFrom<K extends TableName>(kind: K, records: readonly RowOf<K>[]): Rows<K> {
  const column = (name: string, type: string) => {
    const values = records.map((record) => (record as Record<string, unknown>)[name]);
    if (type === 'text') return values as string[];
    return (type === 'tiny' ? Int8Array : Float64Array).from(values as number[]);
  };
  return mapColumns(kind, column);
}

/** One row as an object. */
export type RowOf<K extends TableName> = {
  readonly [C in keyof Rows<K>]: Rows<K>[C] extends readonly string[] ? string : number;
};

export function concatRows<K extends TableName>(kind: K, pages: readonly Rows<K>[]): Rows<K> {
  if (pages.length === 1) return pages[0]!;
  const total = pages.reduce((rows, page) => rows + rowsIn(kind, page), 0);
  return mapColumns(kind, (name, type) => {
    const columns = pages.map((page) => columnsOf(page)[name]!);
    if (type === 'text') return (columns as (readonly string[])[]).flat();
    const all = type === 'tiny' ? new Int8Array(total) : new Float64Array(total);
    let at = 0;
    for (const column of columns as Float64Array[]) {
      all.set(column, at);
      at += column.length;
    }
    assert(at === total, 'pages have columns of equal length');
    return all;
  });
}

type Column = Float64Array | Int8Array | readonly string[];

const columnsOf = (rows: object) => rows as Readonly<Record<string, Column>>;

function mapColumns<K extends TableName>(
  kind: K,
  make: (name: string, type: string) => Column,
): Rows<K> {
  const columns = Object.entries(TABLES[kind].columns);
  return Object.fromEntries(
    columns.map(([name, type]) => [name, make(name, type)]),
  ) as unknown as Rows<K>;
}
