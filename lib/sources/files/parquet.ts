import { LabError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';
import { type BarRecord, barsOf, fieldNames, isBarFields } from './bar-records.ts';
import type { FileContent, Said } from './content.ts';

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
  const fields = fieldNames(names);
  const wanted = Object.entries(fields).filter(([, name]) => name !== '');
  const list = wanted.map(([field, name]) => `"${name.replaceAll('"', '""')}" as ${field}`);
  const table = await store.query(`select ${list.join(', ')} from ${source}`);
  const times = table.types.time === 'time';
  const columns = wanted.map(([field]) => table.columns[field]!);
  const records: BarRecord[] = Array.from({ length: table.length }, (_, row) =>
    Object.fromEntries(
      wanted.map(([field], i) => {
        const value = columns[i]![row];
        return [field, field === 'time' && times ? moment(value as number) : value];
      }),
    ),
  );
  const { part, notes } = barsOf(records, file, 'row', said);
  const used = new Set(Object.values(fields));
  const unused = names.filter((name) => !used.has(name));
  return {
    format: 'Parquet',
    zone: 'UTC',
    parts: [part],
    notes: unused.length > 0 ? [`columns not used: ${unused.join(', ')}`, ...notes] : notes,
  };
}

const moment = (ts: number) => (Number.isNaN(ts) ? '' : new Date(ts));
