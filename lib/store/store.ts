import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DuckDBInstance } from '@duckdb/node-api';
import { lowerBound } from '../core/binary-search.ts';
import { LabError } from '../core/errors.ts';
import { DAY, isoDay, isoTime, type Millis } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns, sliceBars } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';
import { allocateTicks, sliceTicks, TICK_COLUMNS, type TickColumns } from '../market/tick.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { firstBarFault } from '../market/validate.ts';
import { guardFiles } from './damage.ts';
import { removeAbandoned, replaceFile } from './durable-file.ts';
import { readInstrument, writeInstrument } from './instrument-file.ts';
import {
  barsDirectory,
  type InstrumentKey,
  instrumentDirectory,
  type Kind,
  PART,
  partitions,
  type SeriesKey,
} from './layout.ts';
import { storeRoot } from './location.ts';
import { mergeBars } from './merge-bars.ts';
import { mergeTicks } from './merge-ticks.ts';
import { nearest } from './nearest.ts';
import {
  type Column,
  openDuck,
  type ParquetRange,
  readParquet,
  streamParquet,
  writeParquet,
} from './parquet.ts';
import { findSeries, listSeries, type SeriesInfo } from './series.ts';
import { runSql, type SqlResult } from './sql.ts';

/** Rows with `from` ≤ openTs < `to`; an absent bound is open. */
export interface BarsQuery extends SeriesKey {
  readonly from?: Millis | undefined;
  readonly to?: Millis | undefined;
}

/** Rows with `from` ≤ ts < `to`; an absent bound is open. */
export interface TicksQuery extends InstrumentKey {
  readonly from?: Millis | undefined;
  readonly to?: Millis | undefined;
}

export interface ImportSummary {
  /** Rows handed in. */
  readonly rows: number;
  /** Partitions whose file was replaced; 0 when everything was there already. */
  readonly written: number;
  readonly fromTs: Millis;
  readonly toTs: Millis;
}

/** Called as an import goes along, with rows done and rows in all. */
export type Progress = (done: number, total: number) => void;

/**
 * History on disk: Parquet partitions that any process reads at any time, through a DuckDB in this process's memory.
 *
 * Nothing is locked. A partition is replaced whole by a rename, so a reader sees the year before an import or after
 * it; an import that was killed leaves whole years, and run again completes the rest.
 */
export class Store {
  readonly root: string;
  readonly #duck: DuckDBInstance;

  constructor(root: string, duck: DuckDBInstance) {
    this.root = root;
    this.#duck = duck;
  }

  /**
   * The bars of a series, ascending.
   *
   * @param query with `shared`, the columns lie over SharedArrayBuffers
   * @throws LabError `data` when the series is unknown, the range is empty, or a file is damaged
   */
  async bars(query: BarsQuery & { readonly shared?: boolean }): Promise<BarColumns> {
    const range = await this.#barRange(query);
    const bars = await guardFiles(this.#duck, range.files, () =>
      readParquet(this.#duck, range, BAR_COLUMNS, (rows) => allocateBars(rows, query.shared)),
    );
    if (bars.openTs.length === 0) await this.#refuseEmpty(query);
    checkOrder(bars.openTs, range.files);
    return bars;
  }

  /** The same bars in columns of at most `rows` rows, read as they are asked for; memory does not grow with the range. */
  async *barChunks(query: BarsQuery, rows: number): AsyncGenerator<BarColumns> {
    const range = await this.#barRange(query);
    const vectors = streamParquet(this.#duck, range, BAR_COLUMNS);
    let chunk = allocateBars(rows);
    let filled = 0;
    let any = false;
    for (;;) {
      const next = await guardFiles(this.#duck, range.files, () => vectors.next());
      if (next.done) break;
      const arrays = next.value;
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
    if (!any) await this.#refuseEmpty(query);
    if (filled > 0) yield sliceBars(chunk, 0, filled);
  }

  /** @throws LabError `data` when the store has no such instrument */
  async instrument(key: InstrumentKey): Promise<Instrument> {
    return (await this.knownInstrument(key)) ?? this.#refuseUnknown(key);
  }

  /** The instrument, or undefined when nothing of it was ever imported. */
  async knownInstrument(key: InstrumentKey): Promise<Instrument | undefined> {
    return (
      (await readInstrument(instrumentDirectory(this.root, 'bars', key))) ??
      (await readInstrument(instrumentDirectory(this.root, 'ticks', key)))
    );
  }

  /** Every series of bars and ticks, by venue, symbol and timeframe. */
  async list(): Promise<SeriesInfo[]> {
    return listSeries(this.#duck, this.root);
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
    await this.#declare(instrument, 'bars');
    const directory = barsDirectory(this.root, { ...instrument, timeframe });
    let written = 0;
    for (const [from, to] of runs(bars.openTs, yearEnd)) {
      const file = join(directory, `year=${yearOf(bars.openTs[from]!)}`, PART);
      const stored = await this.#stored(file, 'openTs', BAR_COLUMNS, allocateBars);
      const merged = mergeBars(stored, sliceBars(bars, from, to), length);
      if (merged !== stored) {
        await replaceFile(file, (path) => writeParquet(this.#duck, path, { ...merged }));
        written++;
      } else await removeAbandoned(dirname(file));
      progress?.(to, total);
    }
    return { rows: total, written, fromTs: bars.openTs[0]!, toTs: bars.closeTs[total - 1]! };
  }

  /** The prints of an instrument in the order the venue printed them. */
  async ticks(query: TicksQuery): Promise<TickColumns> {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const directory = instrumentDirectory(this.root, 'ticks', query);
    const days = await partitions(directory, 'day');
    if (days.length === 0) return this.#refuseUnknown(query);
    const files = days
      .filter((day) => Date.parse(day) + DAY > from && Date.parse(day) < to)
      .map((day) => join(directory, `day=${day}`, PART));
    const range: ParquetRange = { files, key: 'ts', from, to };
    const ticks =
      files.length === 0
        ? allocateTicks(0)
        : await guardFiles(this.#duck, files, () =>
            readParquet(this.#duck, range, TICK_COLUMNS, allocateTicks),
          );
    if (ticks.ts.length > 0) return ticks;
    throw new LabError(
      'data',
      `no ticks of ${query.symbol} on ${query.venue} ${boundsText(from, to)}; the store has days ${days[0]} to ${days.at(-1)}`,
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
    await this.#declare(instrument, 'ticks');
    const directory = instrumentDirectory(this.root, 'ticks', instrument);
    let written = 0;
    for (const [from, to] of runs(ticks.ts, dayEnd)) {
      const file = join(directory, `day=${isoDay(ticks.ts[from]!)}`, PART);
      const stored = await this.#stored(file, 'ts', TICK_COLUMNS, allocateTicks);
      const merged = mergeTicks(stored, sliceTicks(ticks, from, to));
      if (merged === stored) continue;
      await replaceFile(file, (path) => writeParquet(this.#duck, path, { ...merged }));
      written++;
    }
    return { rows: total, written, fromTs: ticks.ts[0]!, toTs: ticks.ts[total - 1]! };
  }

  /**
   * Runs a query over the views `bars` and `ticks`, which span every partition.
   *
   * @throws LabError `usage` when DuckDB refuses the query; `data` when a file is damaged
   */
  async sql(query: string): Promise<SqlResult> {
    return runSql(this.#duck, this.root, query);
  }

  close(): void {
    this.#duck.closeSync();
  }

  async #barRange(query: BarsQuery): Promise<ParquetRange> {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    timeframeMillis(query.timeframe);
    const directory = barsDirectory(this.root, query);
    const years = await partitions(directory, 'year');
    if (years.length === 0) await this.#refuseUnknown(query);
    const files = years
      .filter((year) => Date.UTC(Number(year) + 1, 0) > from && Date.UTC(Number(year), 0) < to)
      .map((year) => join(directory, `year=${year}`, PART));
    if (files.length === 0) await this.#refuseEmpty(query);
    return { files, key: 'openTs', from, to };
  }

  /** What a partition holds already; no rows when it is new. */
  async #stored<T extends Record<keyof T, Column>>(
    file: string,
    key: string,
    names: readonly (keyof T & string)[],
    allocate: (rows: number) => T,
  ): Promise<T> {
    if (!existsSync(file)) return allocate(0);
    const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    return guardFiles(this.#duck, [file], () =>
      readParquet(this.#duck, { files: [file], key, ...all }, names, allocate),
    );
  }

  /** Writes down what the data to come belongs to, before the first row of it. */
  async #declare(instrument: Instrument, kind: Kind): Promise<void> {
    const known = await this.knownInstrument(instrument);
    if (known && known.synthetic !== instrument.synthetic) {
      const [stored, fresh] = known.synthetic ? ['synthetic', 'real'] : ['real', 'synthetic'];
      throw new LabError(
        'data',
        `${instrument.symbol} on ${instrument.venue} holds ${stored} data, and the import is ${fresh}; import it under another symbol or venue`,
      );
    }
    const directory = (which: Kind) => instrumentDirectory(this.root, which, instrument);
    await writeInstrument(directory(kind), instrument);
    const other = kind === 'bars' ? 'ticks' : 'bars';
    if (await readInstrument(directory(other))) await writeInstrument(directory(other), instrument);
  }

  /** @throws LabError `data` that names what the store has instead */
  async #refuseUnknown(key: InstrumentKey & { readonly timeframe?: string }): Promise<never> {
    const what = key.timeframe === undefined ? 'data' : `${key.timeframe} bars`;
    const names = (await findSeries(this.root)).map(
      (series) => `${series.symbol} (${series.venue}, ${series.timeframe || 'ticks'})`,
    );
    const wanted = `${key.symbol} (${key.venue}, ${key.timeframe ?? ''})`;
    const instead =
      names.length > 0 ? `nearest are ${nearest(wanted, names).join(', ')}` : 'the store is empty';
    throw new LabError(
      'data',
      `no ${what} of ${key.symbol} on ${key.venue}; ${instead}; \`lab data ls\` shows everything`,
    );
  }

  /** @throws LabError `data` that says what range exists */
  async #refuseEmpty(query: BarsQuery): Promise<never> {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
    const series = (await this.list()).find(
      ({ kind, venue, symbol, timeframe }) =>
        kind === 'bars' &&
        venue === query.venue &&
        symbol === query.symbol &&
        timeframe === query.timeframe,
    );
    const { fromTs = Number.NaN, toTs = Number.NaN } = series ?? {};
    throw new LabError(
      'data',
      `no ${query.timeframe} bars of ${query.symbol} on ${query.venue} ${boundsText(from, to)}; the store has ${isoTime(fromTs)} to ${isoTime(toTs)}`,
    );
  }
}

/**
 * Opens the history under `root`, by default LAB_STORE or `datasets` in the project. Nothing is written before the first
 * import.
 */
export async function openStore(root?: string): Promise<Store> {
  return new Store(storeRoot(root), await openDuck());
}

/** Row ranges [from, to) of ascending times that share a partition. */
function* runs(
  ts: Float64Array,
  partitionEnd: (ts: Millis) => Millis,
): Generator<readonly [number, number]> {
  for (let from = 0; from < ts.length; ) {
    const to = lowerBound(ts, partitionEnd(ts[from]!));
    yield [from, to];
    from = to;
  }
}

const yearOf = (ts: Millis) => new Date(ts).getUTCFullYear();
const yearEnd = (ts: Millis) => Date.UTC(yearOf(ts) + 1, 0);
const dayEnd = (ts: Millis) => (Math.floor(ts / DAY) + 1) * DAY;

function boundsText(from: Millis, to: Millis): string {
  const lower = Number.isFinite(from) ? `from ${isoTime(from)}` : '';
  const upper = Number.isFinite(to) ? `before ${isoTime(to)}` : '';
  return [lower, upper].filter(Boolean).join(' ');
}

/** A file that was written by other means may hold rows out of order; nothing after this point could tell. */
function checkOrder(openTs: Float64Array, files: readonly string[]): void {
  for (let i = 1; i < openTs.length; i++) {
    if (openTs[i]! > openTs[i - 1]!) continue;
    throw new LabError(
      'data',
      `${files.join(', ')}: row ${i} opens at ${isoTime(openTs[i]!)}, not after the row before it; delete the series and import it again`,
    );
  }
}
