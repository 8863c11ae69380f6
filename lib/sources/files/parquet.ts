import { LabError } from '../../core/errors.ts';
import { allocateBars } from '../../market/bar.ts';
import type { SqlTable } from '../../store/sql-table.ts';
import type { Store } from '../../store/store.ts';
import { BrokenRows } from '../broken-rows.ts';
import type { FileRows } from '../csv-rows.ts';
import {
  type BarRecord,
  BarRecords,
  fieldNames,
  isBarFields,
  PRICES_AND_VOLUME,
} from './bar-records.ts';
import { BarSpool } from './bar-spool.ts';
import { type FileContent, needed, type Said } from './content.ts';

/**
 * Reads a Parquet file of bars, whose columns are found by their names.
 *
 * @throws LabError `data` that lists the columns, when the bars cannot be located or it cannot be read
 */
export async function readParquetBars(
  path: string,
  file: string,
  said: Said,
  store: Store,
): Promise<FileContent> {
  const source = `read_parquet('${path.replaceAll("'", "''")}', hive_partitioning = false)`;
  const names = await store
    .query(`select column_name from (describe select * from ${source})`)
    .then((table) => table.rows().map(({ column_name }) => String(column_name)))
    .catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LabError('data', `${file} cannot be read as Parquet: ${reason}`, { cause });
    });
  if (!isBarFields(names)) {
    throw new LabError(
      'data',
      `${file} has the columns ${names.join(', ')}; expected time, open, high, low, close and perhaps volume`,
    );
  }
  const timeframe = needed(said.timeframe, file, '--timeframe such as 1m', 'how long its bars are');
  const fields = fieldNames(names);
  const wanted = Object.entries(fields).filter(([, name]) => name !== '');
  const list = wanted.map(([field, name]) => `"${name.replaceAll('"', '""')}" as ${field}`);
  const broken = new BrokenRows(said.skipBroken);
  const reader = new BarRecords(file, 'row', broken);
  const options = { timeframe, stamp: said.stamp ?? 'open', broken };
  const spool = new BarSpool(store.root, file, options, 'row');
  try {
    let first = 0;
    for await (const table of store.queryChunks(`select ${list.join(', ')} from ${source}`)) {
      spool.push(plainRows(table, first) ?? reader.read(records(table), first));
      first += table.length;
    }
    const { rows, notes } = spool.finish();
    const used = new Set(Object.values(fields));
    const unused = names.filter((name) => !used.has(name));
    return {
      format: 'Parquet',
      zone: 'UTC',
      parts: [{ kind: 'bars', timeframe, rows }],
      notes: [
        ...(unused.length > 0 ? [`columns not used: ${unused.join(', ')}`] : []),
        ...reader.notes,
        ...notes,
      ],
    };
  } finally {
    spool.close();
  }
}

/** The rows of a chunk whose columns are times and numbers already; undefined when a value needs a closer look. */
function plainRows(table: SqlTable, first: number): FileRows | undefined {
  const { length, types, columns } = table;
  if (types.time !== 'time') return undefined;
  const bars = allocateBars(length);
  for (const name of ['time', ...PRICES_AND_VOLUME] as const) {
    const column = columns[name];
    if (column === undefined) continue; // a volume that is not there is 0
    if (!(column instanceof Float64Array) || !column.every(Number.isFinite)) return undefined;
    bars[name === 'time' ? 'openTs' : name].set(column);
  }
  return { bars, lines: Uint32Array.from({ length }, (_, i) => first + i + 1) };
}

function records(table: SqlTable): BarRecord[] {
  const times = table.types.time === 'time';
  return Array.from({ length: table.length }, (_, row) =>
    Object.fromEntries(
      table.names.map((field) => {
        const value = table.columns[field]![row];
        return [field, field === 'time' && times ? moment(value as number) : value];
      }),
    ),
  );
}

const moment = (ts: number) => (Number.isNaN(ts) ? '' : new Date(ts));
