import { assert } from '../../../core/assert.ts';
import { LabError } from '../../../core/errors.ts';
import { isoTime, type Millis } from '../../../core/time.ts';
import { DepthBuilder, type DepthColumns, EXCH, LOCAL } from '../../../market/depth-columns.ts';

/** Chunks of rows that two cursors walk, each at its own pace; a chunk both have left is let go. */
export class RowSource {
  rows = 0;
  private ended = false;
  private readonly kept: DepthColumns[] = [];
  /** Memory of rows that were copied and let go, to copy others into. */
  private readonly spare: DepthBuilder[] = [];
  private readonly copies = new Map<DepthColumns, DepthBuilder>();
  /** Number of the first chunk still kept. */
  private first = 0;
  private readonly at = new Map<number, number>();
  private exchTs: Millis = Number.NEGATIVE_INFINITY;
  private localTs: Millis = Number.NEGATIVE_INFINITY;

  /** Of what comes before it on either clock all rows are there. */
  get knownTs(): Millis {
    return this.ended ? Number.POSITIVE_INFINITY : Math.min(this.exchTs, this.localTs);
  }

  /** @param passing whether whoever gave the rows will write others over them: then they are copied */
  push(given: DepthColumns, passing = false): void {
    assert(!this.ended, 'rows before the end');
    const chunk = passing ? this.copied(given) : given;
    this.kept.push(chunk);
    this.rows += chunk.ev.length;
    this.exchTs = chunk.exchTs[lastSeen(chunk, EXCH)] ?? this.exchTs;
    this.localTs = chunk.localTs[lastSeen(chunk, LOCAL)] ?? this.localTs;
  }

  /** No more rows will come. */
  end(): void {
    this.ended = true;
  }

  /** Chunk `number` for the cursor that sees `flag`; undefined after the last. */
  chunk(number: number, flag: number): DepthColumns | undefined {
    this.at.set(flag, number);
    const needed = Math.min(...this.at.values());
    if (this.at.size === 2) while (this.first < needed && this.letGo()) this.first++;
    const chunk = this.kept[number - this.first];
    assert(chunk !== undefined || this.ended, 'a chunk that is there');
    return chunk;
  }

  private copied(given: DepthColumns): DepthColumns {
    const rows = this.spare.pop() ?? new DepthBuilder();
    rows.clear();
    rows.append(given);
    const chunk = rows.view();
    this.copies.set(chunk, rows);
    return chunk;
  }

  private letGo(): boolean {
    const chunk = this.kept.shift();
    if (chunk === undefined) return false;
    const rows = this.copies.get(chunk);
    if (rows && this.copies.delete(chunk)) this.spare.push(rows);
    return true;
  }
}

function lastSeen({ ev }: DepthColumns, flag: number): number {
  let row = ev.length - 1;
  while (row >= 0 && (ev[row]! & flag) === 0) row--;
  return row;
}

/** Walks the rows that one side sees, in the order of its clock. */
export class RowCursor {
  /** When the row at hand is seen; Infinity after the last, and −Infinity before the first. */
  nextTs: Millis = Number.NEGATIVE_INFINITY;
  ev: Uint8Array = new Uint8Array(0);
  tick: Int32Array = new Int32Array(0);
  qty: Float64Array = new Float64Array(0);
  row = -1;
  private ts: Float64Array = new Float64Array(0);
  private number = -1;
  private readonly source: RowSource;
  private readonly flag: number;

  /** @param flag EXCH or LOCAL */
  constructor(source: RowSource, flag: typeof EXCH | typeof LOCAL) {
    this.source = source;
    this.flag = flag;
  }

  /** Goes to the next row of this side. @throws LabError `data` when it comes before the one at hand */
  advance(): void {
    for (;;) {
      const { ev, flag } = this;
      let row = this.row + 1;
      while (row < ev.length && (ev[row]! & flag) === 0) row++;
      this.row = row;
      if (row < ev.length) break;
      if (!this.load()) return;
    }
    const ts = this.ts[this.row]!;
    if (!(ts >= this.nextTs)) throw outOfOrder(ts, this.nextTs, this.flag);
    this.nextTs = ts;
  }

  /** Takes up the next chunk, before its first row; false after the last. */
  private load(): boolean {
    const chunk = this.source.chunk(++this.number, this.flag);
    if (chunk === undefined) {
      this.ev = this.ev.subarray(0, 0);
      this.row = 0;
      this.nextTs = Number.POSITIVE_INFINITY;
      return false;
    }
    this.ev = chunk.ev;
    this.tick = chunk.tick;
    this.qty = chunk.qty;
    this.ts = this.flag === EXCH ? chunk.exchTs : chunk.localTs;
    this.row = -1;
    return true;
  }
}

function outOfOrder(ts: Millis, last: Millis, flag: number): LabError {
  const clock = flag === EXCH ? 'exchTs' : 'localTs';
  return new LabError(
    'data',
    `a depth row of ${clock} ${isoTime(ts)} comes after one of ${isoTime(last)}; give rows and chunks in order, as orderDepth makes them`,
  );
}
