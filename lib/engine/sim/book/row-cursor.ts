import { LabError } from '../../../core/errors.ts';
import { isoTime, type Millis } from '../../../core/time.ts';
import { type DepthColumns, EXCH, type LOCAL } from '../../../market/depth-columns.ts';

/** Chunks of rows that two cursors walk, each at its own pace; a chunk both have left is let go. */
export class RowSource {
  rows = 0;
  private readonly chunks: Iterator<DepthColumns>;
  private readonly kept: DepthColumns[] = [];
  /** Number of the first chunk still kept. */
  private first = 0;
  private readonly at = new Map<number, number>();

  constructor(chunks: Iterable<DepthColumns>) {
    this.chunks = chunks[Symbol.iterator]();
  }

  /** Chunk `number` for the cursor that sees `flag`; undefined after the last. */
  chunk(number: number, flag: number): DepthColumns | undefined {
    this.at.set(flag, number);
    const needed = Math.min(...this.at.values());
    if (this.at.size === 2) while (this.first < needed && this.kept.shift()) this.first++;
    if (number < this.first + this.kept.length) return this.kept[number - this.first];
    const next = this.chunks.next();
    if (next.done === true) return undefined;
    this.kept.push(next.value);
    this.rows += next.value.ev.length;
    return next.value;
  }
}

/** Walks the rows that one side sees, in the order of its clock. */
export class RowCursor {
  /** When the row at hand is seen; Infinity after the last. */
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
    this.advance();
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
