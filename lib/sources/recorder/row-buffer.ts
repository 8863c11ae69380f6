import type { Millis } from '../../core/time.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { Store } from '../../store/store.ts';
import type { TableName } from '../../store/tables.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';

/** Called when rows are on disk, where every process can read them; `last` is the moment they reach to. */
export type OnRecorded = (kind: TableName | 'bars', rows: number, last: Millis) => void;

const FLUSH_ROWS = 5000;
/** Parts that lie beside each other before they are merged; reading many small files is slow. */
const PARTS = 500;

/** Rows of one kind on their way to the store: written as a part every few seconds, or when there are many. */
export class RowBuffer<K extends TableName> {
  total = 0;
  readonly #store: Store;
  readonly #kind: K;
  readonly #instrument: Instrument;
  readonly #time: (row: RowOf<K>) => Millis;
  readonly #onRecorded: OnRecorded;
  #rows: RowOf<K>[] = [];
  #parts = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    store: Store,
    kind: K,
    instrument: Instrument,
    time: (row: RowOf<K>) => Millis,
    onRecorded: OnRecorded,
  ) {
    this.#store = store;
    this.#kind = kind;
    this.#instrument = instrument;
    this.#time = time;
    this.#onRecorded = onRecorded;
  }

  /** Takes rows in order of time. Waits for the disk only when there are many. */
  async add(rows: readonly RowOf<K>[]): Promise<void> {
    this.#rows.push(...rows);
    if (this.#rows.length >= FLUSH_ROWS) await this.flush();
  }

  /** Writes what is held, behind what is being written. Fails when that failed: rows must not be lost unnoticed. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Merges the parts that were written. */
  async compact(): Promise<void> {
    await this.flush();
    this.#parts = 0;
    if (this.total > 0) await this.#store.compact(this.#kind, this.#instrument);
  }

  async #write(): Promise<void> {
    const rows = this.#rows;
    if (rows.length === 0) return;
    this.#rows = [];
    await this.#store.record(this.#kind, this.#instrument, rowsFrom(this.#kind, rows));
    this.total += rows.length;
    this.#onRecorded(this.#kind, rows.length, this.#time(rows.at(-1)!));
    if (++this.#parts < PARTS) return;
    this.#parts = 0;
    await this.#store.compact(this.#kind, this.#instrument);
  }
}
