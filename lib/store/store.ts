import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns, sliceBars } from '../market/bar.ts';
import type { KnownSpans } from '../market/gaps.ts';
import type { Instrument } from '../market/instrument.ts';
import { allocateTicks, TICK_COLUMNS, type TickColumns } from '../market/tick.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { firstBarFault } from '../market/validate.ts';
import { knowHash } from './data-hash.ts';
import { Duck } from './duckdb.ts';
import { declareInstrument, knownInstrument } from './instrument-file.ts';
import { knownSpans } from './known-spans.ts';
import {
  barsDirectory,
  type InstrumentKey,
  instrumentDirectory,
  type Kind,
  type SeriesKey,
} from './layout.ts';
import { isUrl, refuseUrl, storeRoot } from './location.ts';
import { mergeBars } from './merge-bars.ts';
import { mergeTicks } from './merge-ticks.ts';
import { closeObjectStorage, openObjectStorage } from './object-storage.ts';
import { rememberOrigin } from './origin.ts';
import { readBars } from './read-bars.ts';
import { boundsText, emptyRange, unknownSeries } from './refusal.ts';
import { allocateRows, asColumns, type Columns, mergeRows, orderRows, rowCount } from './rows.ts';
import { checkSchema, raiseSchema } from './schema.ts';
import { findSeries, listSeries, type SeriesFilter, type SeriesInfo, tableOf } from './series.ts';
import {
  compactSeries,
  mergeSeries,
  type Progress,
  partitionsOf,
  readSeries,
  recordSeries,
  type SeriesPlace,
  streamSeries,
  type TimeRange,
} from './series-files.ts';
import { readSnapshotBars, readSnapshotRows } from './snapshot-rows.ts';
import {
  querySql,
  runSql,
  type SqlParameter,
  type SqlResult,
  type SqlScope,
  streamSql,
} from './sql.ts';
import type { SqlTable } from './sql-table.ts';
import { BARS, type Rows, type TableName } from './tables.ts';
import { openTrials } from './trials.ts';

/** Rows with `from` ≤ openTs < `to`; an absent bound is open. */
export interface BarsQuery extends SeriesKey, TimeRange {}

/** Rows with `from` ≤ ts < `to`; an absent bound is open. */
export interface TicksQuery extends InstrumentKey, TimeRange {}

export interface ImportSummary {
  /** Rows handed in. */
  readonly rows: number;
  /** Partitions whose file was replaced; 0 when everything was there already. */
  readonly written: number;
  readonly fromTs: Millis;
  readonly toTs: Millis;
}

/**
 * History on disk: Parquet partitions that any process reads at any time, through a DuckDB in this process's memory.
 *
 * No reader waits for anyone, nor does a recorder. A partition is replaced whole by a rename, so a reader sees the year
 * before an import or after it; an import that was killed leaves whole years, and run again completes the rest. Two
 * imports of one series take turns.
 */
export class Store {
  readonly root: string;
  readonly #duck: Duck;

  constructor(root: string, duck: Duck) {
    this.root = root;
    this.#duck = duck;
  }

  /**
   * The bars of a series, ascending.
   *
   * @param query with `shared`, the columns lie over SharedArrayBuffers; with `untouched`, the caller will not change them,
   * and a run over them need not hash them again
   * @throws LabError `data` when the series is unknown, the range is empty, or a file is damaged
   */
  async bars(
    query: BarsQuery & { readonly shared?: boolean; readonly untouched?: boolean },
  ): Promise<BarColumns> {
    await this.#knownBars(query);
    const { bars, hash, files } = await readBars(this.#bars(query), this.root, query, query.shared);
    if (bars.openTs.length === 0) throw emptyRange(query, await this.list());
    const known = await this.known({ ...query, kind: 'bars' });
    rememberOrigin(bars, { root: this.root, range: { kind: 'bars', ...query }, files, known });
    if (query.untouched) knowHash(bars, hash);
    return bars;
  }

  /**
   * The bars that a trial or a passport was made on, by their hash, however often they were imported anew since.
   *
   * @throws LabError `data` when there is no such snapshot, or a file of it is missing
   */
  async snapshotBars(id: string): Promise<BarColumns> {
    return readSnapshotBars(this.#duck, this.root, id);
  }

  /** The same of other rows, such as news. @throws LabError `data` as `snapshotBars`, and for rows of another kind */
  async snapshotRows<K extends TableName>(kind: K, id: string): Promise<Rows<K>> {
    return readSnapshotRows(this.#duck, this.root, kind, id);
  }

  /** The same bars in columns of at most `rows` rows, read as they are asked for; memory does not grow with the range. */
  async *barChunks(query: BarsQuery, rows: number): AsyncGenerator<BarColumns> {
    await this.#knownBars(query);
    let chunk = allocateBars(rows);
    let filled = 0;
    let any = false;
    for await (const vectors of streamSeries(this.#bars(query), query)) {
      const arrays = vectors as readonly Float64Array[];
      const length = arrays[0]!.length;
      any = true;
      for (let at = 0; at < length; ) {
        const take = Math.min(length - at, rows - filled);
        BAR_COLUMNS.forEach((name, i) => {
          chunk[name].set(arrays[i]!.subarray(at, at + take), filled);
        });
        at += take;
        filled += take;
        if (filled === rows) {
          yield chunk;
          chunk = allocateBars(rows);
          filled = 0;
        }
      }
    }
    if (!any) throw emptyRange(query, await this.list());
    if (filled > 0) yield sliceBars(chunk, 0, filled);
  }

  /** @throws LabError `data` when the store has no such instrument */
  async instrument(key: InstrumentKey): Promise<Instrument> {
    const known = await this.knownInstrument(key);
    if (known) return known;
    throw await unknownSeries(this.root, key);
  }

  /** The instrument, or undefined when nothing of it was ever imported. */
  async knownInstrument(key: InstrumentKey): Promise<Instrument | undefined> {
    return knownInstrument(this.root, key);
  }

  /** What is known of the time in which a series has no rows: a gap beyond it may be lost data. */
  async known(
    series: InstrumentKey & { readonly kind: Kind; readonly timeframe?: string },
  ): Promise<KnownSpans> {
    return knownSpans(this.#place('rules', series), this.root, series);
  }

  /** Every series, by kind, venue, symbol and timeframe; with a filter those that agree with it. */
  async list(filter?: SeriesFilter): Promise<SeriesInfo[]> {
    return listSeries(this.#duck, this.root, filter);
  }

  /**
   * Adds bars to a series. Where the store has a bar with the same openTs the new one wins; importing the same bars
   * again changes nothing, not even the time of a file.
   *
   * @throws LabError `data` when the bars are faulty, or overlap the stored ones with other times
   */
  async importBars(
    instrument: Instrument,
    timeframe: string,
    bars: BarColumns,
    progress?: Progress,
  ): Promise<ImportSummary> {
    const length = timeframeMillis(timeframe);
    const total = bars.openTs.length;
    const fault = firstBarFault(bars);
    if (total === 0 || fault) {
      const what = fault ? `bar ${fault.row}: ${fault.message}` : 'there are none';
      throw new LabError('data', `bars of ${instrument.symbol} cannot be stored: ${what}`);
    }
    await declareInstrument(this.root, instrument, 'bars');
    const merge = (stored: Columns, fresh: Columns) =>
      asColumns(mergeBars(stored as unknown as BarColumns, fresh as unknown as BarColumns, length));
    const place = this.#bars({ ...instrument, timeframe });
    const written = await mergeSeries(place, asColumns(bars), merge, progress);
    return { rows: total, written, fromTs: bars.openTs[0]!, toTs: bars.closeTs[total - 1]! };
  }

  /** The prints of an instrument in the order the venue printed them. */
  async ticks(query: TicksQuery): Promise<TickColumns> {
    const place = this.#place('ticks', query);
    const days = await partitionsOf(place);
    if (days.length === 0) throw await unknownSeries(this.root, query);
    const { rows: ticks } = await readSeries(place, query, TICK_COLUMNS, allocateTicks);
    if (ticks.ts.length > 0) return ticks;
    throw new LabError(
      'data',
      `no ticks of ${query.symbol} on ${query.venue} ${boundsText(query)}; the store has days ${days[0]!.value} to ${days.at(-1)!.value}`,
    );
  }

  /**
   * Adds prints, which have no identity of their own: of what is stored, everything between the first and the last new
   * print is replaced.
   */
  async importTicks(instrument: Instrument, ticks: TickColumns): Promise<ImportSummary> {
    const total = ticks.ts.length;
    const disorder = ticks.ts.findIndex((ts, i) => !(ts >= (ticks.ts[i - 1] ?? 0)));
    if (total === 0 || disorder >= 0) {
      throw new LabError(
        'data',
        `ticks of ${instrument.symbol} cannot be stored: ${total === 0 ? 'there are none' : `tick ${disorder} is earlier than the one before it, or has no time`}`,
      );
    }
    await declareInstrument(this.root, instrument, 'ticks');
    const merge = (stored: Columns, fresh: Columns) =>
      asColumns(mergeTicks(stored as unknown as TickColumns, fresh as unknown as TickColumns));
    const place = this.#place('ticks', instrument);
    const written = await mergeSeries(place, asColumns(ticks), merge);
    return { rows: total, written, fromTs: ticks.ts[0]!, toTs: ticks.ts[total - 1]! };
  }

  /**
   * Adds rows of a kind to a series, in any order; given the whole instrument, it is written down as well. Where the store has a row with the same key the new one stands; the
   * same rows again change nothing, not even the time of a file.
   *
   * @throws LabError `data` naming the column or row that is not as `TABLES` says
   */
  async append<K extends TableName>(
    kind: K,
    series: InstrumentKey | Instrument,
    rows: Rows<K>,
  ): Promise<ImportSummary> {
    await this.#begin(kind, series);
    const place = this.#place(kind, series);
    const ordered = orderRows(place.table, asColumns(rows), `${kind} of ${series.symbol}`);
    const written = await mergeSeries(place, ordered, (stored, fresh) =>
      mergeRows(place.table, stored, fresh),
    );
    return summaryOf(place, ordered, written);
  }

  /**
   * Adds rows as a small part beside what is there, which costs the same however long the series is: what a recorder
   * does every few seconds. Readers see them at once; `compact` merges the parts later.
   */
  async record<K extends TableName>(
    kind: K,
    series: InstrumentKey | Instrument,
    rows: Rows<K>,
  ): Promise<ImportSummary> {
    refuseUrl(this.root, 'recording');
    await this.#begin(kind, series);
    const place = this.#place(kind, series);
    const ordered = orderRows(place.table, asColumns(rows), `${kind} of ${series.symbol}`);
    return summaryOf(place, ordered, await recordSeries(place, ordered));
  }

  /**
   * The rows of a series in the order of the kind's key; none when the range is empty.
   *
   * @throws LabError `data` when nothing of that kind was ever stored of it, or a file is damaged
   */
  async read<K extends TableName>(
    kind: K,
    series: InstrumentKey,
    range: TimeRange = {},
  ): Promise<Rows<K>> {
    const place = this.#place(kind, series);
    if ((await partitionsOf(place)).length === 0)
      throw await unknownSeries(this.root, series, kind);
    const names = Object.keys(place.table.columns);
    const { rows, files } = await readSeries<Columns>(place, range, names, (length) =>
      allocateRows(place.table, length),
    );
    const origin = { kind, ...series, ...range };
    rememberOrigin(rows, { root: this.root, range: origin, files, known: {} });
    return rows as unknown as Rows<K>;
  }

  /** Columns of the same rows, all by default, in chunks of 2,048; valid until the next are asked for. */
  async *stream<K extends TableName, C extends keyof Rows<K> & string = keyof Rows<K> & string>(
    kind: K,
    series: InstrumentKey,
    range: TimeRange = {},
    names?: readonly C[],
  ): AsyncGenerator<Pick<Rows<K>, C>> {
    const place = this.#place(kind, series);
    const read = names ?? (Object.keys(place.table.columns) as C[]);
    for await (const arrays of streamSeries(place, range, read)) {
      yield Object.fromEntries(read.map((name, i) => [name, arrays[i]!])) as unknown as Rows<K>;
    }
  }

  /** Whether the store has rows of that kind of an instrument. */
  async has(kind: TableName, series: InstrumentKey): Promise<boolean> {
    return (await partitionsOf(this.#place(kind, series))).length > 0;
  }

  /** Merges the parts that a recorder left into one file a partition; returns how many parts went into others. */
  async compact(kind: TableName, series: InstrumentKey): Promise<number> {
    refuseUrl(this.root, 'compaction');
    return compactSeries(this.#place(kind, series));
  }

  /** The same of every series; ticks and bars have no parts. */
  async compactAll(): Promise<number> {
    let gone = 0;
    for (const { kind, venue, symbol } of await findSeries(this.root)) {
      if (kind !== 'bars' && kind !== 'ticks') gone += await this.compact(kind, { venue, symbol });
    }
    return gone;
  }

  /**
   * Runs a query over the views `bars`, `trades`, `quotes`, `book`, `news`, `funding`, `runs`, `trials` and the rest, and
   * gives rows for people to read. `$1` in it is the first parameter.
   *
   * @throws LabError `usage` when DuckDB refuses the query
   */
  async sql(query: string, parameters: readonly SqlParameter[] = []): Promise<SqlResult> {
    return runSql(this.#scope(), query, parameters);
  }

  /** The same, with the result as columns. */
  async query(query: string, parameters: readonly SqlParameter[] = []): Promise<SqlTable> {
    return querySql(this.#scope(), query, parameters);
  }

  /** The result of a query without views, a stretch of rows at a time: for files that no memory holds. */
  queryChunks(query: string): AsyncGenerator<SqlTable> {
    return streamSql(this.#duck, query);
  }

  #scope(): SqlScope {
    return { duck: this.#duck, root: this.root, trials: openTrials(this.root).path };
  }

  close(): void {
    closeObjectStorage(this.root);
    this.#duck.closeSync();
  }

  async #begin(kind: TableName, series: InstrumentKey | Instrument): Promise<void> {
    if ('calendar' in series) await declareInstrument(this.root, series, kind);
    else await raiseSchema(this.root);
  }

  #place(kind: Exclude<Kind, 'bars'>, series: InstrumentKey): SeriesPlace {
    const directory = instrumentDirectory(this.root, kind, series);
    return { duck: this.#duck, directory, table: tableOf(kind) };
  }

  #bars(series: SeriesKey): SeriesPlace {
    return { duck: this.#duck, directory: barsDirectory(this.root, series), table: BARS };
  }

  async #knownBars(query: BarsQuery): Promise<void> {
    timeframeMillis(query.timeframe);
    if ((await partitionsOf(this.#bars(query))).length === 0)
      throw await unknownSeries(this.root, query);
  }
}

/**
 * Opens the history under `root`, by default LAB_STORE or `datasets` in the project: a directory, or `s3://BUCKET/PREFIX`
 * through DuckDB's httpfs, with the keys of the environment. Nothing is written before the first import.
 *
 * @throws LabError `data` when a newer program wrote there
 */
export async function openStore(root?: string): Promise<Store> {
  const path = storeRoot(root);
  if (!isUrl(path)) await checkSchema(path);
  const duck = new Duck();
  if (!isUrl(path)) return new Store(path, duck);
  try {
    await openObjectStorage(path, duck);
    await checkSchema(path);
  } catch (error) {
    closeObjectStorage(path);
    duck.closeSync();
    throw error;
  }
  return new Store(path, duck);
}

function summaryOf({ table }: SeriesPlace, ordered: Columns, written: number): ImportSummary {
  const time = ordered[table.time] as Float64Array;
  const rows = rowCount(table, ordered);
  return { rows, written, fromTs: time[0] ?? Number.NaN, toTs: time[rows - 1] ?? Number.NaN };
}
