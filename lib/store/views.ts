import { existsSync } from 'node:fs';
import { KINDS, type Kind } from './layout.ts';
import { byName, fileList, quote } from './parquet.ts';
import { type SeriesFiles, tableOf } from './series.ts';
import type { ColumnType } from './tables.ts';

/** The views that a query of a person sees; each is there also when nothing of it is stored. */
export const VIEW_NAMES: readonly string[] = [...KINDS, 'runs', 'trials'];

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  double: 'double',
  tiny: 'tinyint',
  text: 'varchar',
};

/**
 * The statement that makes a view.
 *
 * @param series what is stored; files that must not be read are not in it
 * @param trials the file of the trial ledger
 */
export function viewSql(name: string, series: readonly SeriesFiles[], trials: string): string {
  if (name === 'runs') return RUNS;
  if (name === 'trials') return trialsSql(trials);
  return rowsSql(name as Kind, series);
}

/**
 * Rows of a kind with venue, symbol and time. `trades` are those and the ticks, which are trades that were imported from
 * a file without numbers.
 */
function rowsSql(kind: Kind, series: readonly SeriesFiles[]): string {
  const table = tableOf(kind);
  const names = Object.keys(table.columns);
  const head = kind === 'bars' ? 'venue, symbol, tf as timeframe' : 'venue, symbol';
  const body = `select ${head}, make_timestamp((${table.time} * 1000)::bigint) as time, ${names.join(', ')}
    from (${sourceSql(kind, series)})`;
  const ticks = `select venue, symbol, make_timestamp((ts * 1000)::bigint), ts, ts, null::double, price, qty, aggressor
    from (${sourceSql('ticks', series)})`;
  return `create or replace temp view ${kind} as ${body}${kind === 'trades' ? ` union all ${ticks}` : ''}`;
}

/** Partitions of one file as they are; of those in parts, the latest row of each key. */
function sourceSql(kind: Kind, series: readonly SeriesFiles[]): string {
  const { key, partition, added } = tableOf(kind);
  const keys = kind === 'bars' ? ['venue', 'symbol', 'tf'] : ['venue', 'symbol'];
  const found = series.filter((one) => one.kind === kind).flatMap((one) => one.partitions);
  const read = (files: readonly string[], more: string) =>
    `read_parquet(${fileList(files)}, hive_partitioning = true, hive_types = {${[...keys, partition].map((name) => `'${name}': varchar`).join(', ')}}${more}${byName(added)})`;
  const whole = found.filter(({ files }) => files.length === 1).flatMap(({ files }) => files);
  const parts = found.filter(({ files }) => files.length > 1).flatMap(({ files }) => files);
  const sources = [
    ...(whole.length > 0 ? [`select * from ${read(whole, '')}`] : []),
    ...(parts.length > 0
      ? [
          `select * exclude (filename) from ${read(parts, ', filename = true')}
           qualify row_number() over (partition by ${[...keys, ...key].join(', ')} order by ${AGE} desc) = 1`,
        ]
      : []),
  ];
  // Files from before a column was thought of do not have it.
  return [nothing(kind, keys), ...sources].join(' union all by name ');
}

/** The merged file is older than every part, whose names ascend. */
const AGE = `case when filename like '%/part.parquet' then '' else parse_filename(filename) end`;

/** A table without rows, which has the columns of a kind whether files have them or not. */
function nothing(kind: Kind, keys: readonly string[]): string {
  const fields = [
    ...keys.map((name) => `null::varchar as ${name}`),
    ...Object.entries(tableOf(kind).columns).map(
      ([name, type]) => `null::${SQL_TYPES[type]} as ${name}`,
    ),
  ];
  return `select ${fields.join(', ')} where false`;
}

const LINE = {
  type: 'varchar',
  id: 'varchar',
  ts: 'double',
  family: 'varchar',
  kind: 'varchar',
  params: 'json',
  costs: 'json',
  codeHash: 'varchar',
  dataHash: 'varchar',
  status: 'varchar',
  sharpe: 'double',
  n: 'double',
  detail: 'json',
};

/** The trial ledger with how each trial ended; what a kill tore is left out. */
function trialsSql(path: string): string {
  const fields = Object.entries(LINE);
  const types = fields.map(([name, type]) => `'${name}': '${type}'`).join(', ');
  const lines = existsSync(path)
    ? `read_json(${quote(path.replaceAll(/[[*?]/g, '[$&]'))}, format = 'newline_delimited', ignore_errors = true, columns = {${types}})`
    : `(select ${fields.map(([name, type]) => `null::${type} as ${name}`).join(', ')} where false)`;
  return `create or replace temp view trials as
    with lines as (select * from ${lines}),
      ends as (select * from lines where type = 'end' qualify row_number() over (partition by id order by ts desc) = 1)
    select b.id, b.family, b.kind, epoch_ms(b.ts::bigint) as started, epoch_ms(e.ts::bigint) as ended,
      coalesce(e.status, 'open') as status, e.sharpe, e.n, b.params, b.costs, b.codeHash,
      coalesce(b.dataHash, e.detail->>'$.dataHash') as dataHash, b.detail, e.detail as result
    from lines b left join ends e using (id) where b.type = 'begin' order by b.id`;
}

/** Single backtests with the figures of their result; over the view `trials`. */
const RUNS = `create or replace temp view runs as
  select id, family as strategy, array_to_string((detail->>'$.symbols[*]'), ' ') as symbols,
    detail->>'$.timeframe' as timeframe, started, epoch(ended - started) as seconds, status, sharpe,
    (result->>'$.totalReturn')::double as totalReturn, (result->>'$.maxDrawdown')::double as maxDrawdown,
    (result->>'$.trades')::double as trades, params, costs, codeHash, dataHash
  from trials where kind = 'backtest'`;
