import { LabError } from '../core/errors.ts';
import { BookSync, type SequenceRule, type UpdateIds } from '../market/book-sync.ts';
import {
  BUY,
  DEPTH,
  DepthBuilder,
  type DepthColumns,
  GAP,
  SELL,
  SNAPSHOT,
  TRADE,
} from '../market/depth-columns.ts';
import { correctClock, orderDepth } from '../market/depth-order.ts';
import { bytesOf, linesOf, type OnRead } from './files/blocks.ts';

export interface BinanceCaptureOptions {
  /** Whose sequence rules and fields: `spot`, or `usdm` for USD-M futures. */
  readonly market: SequenceRule;
  /** Price step of the instrument, > 0; prices become whole ticks. */
  readonly tickSize: number;
  /** What the fastest row took, in milliseconds, where the recorder's clock was behind the venue's. */
  readonly fastest?: number;
}

/** What was found on the way. */
export interface CaptureFacts {
  readonly snapshots: number;
  readonly gaps: number;
  /** Depth updates that a snapshot already contained. */
  readonly dropped: number;
}

/** Rows of both clocks. */
export interface BinanceCapture extends CaptureFacts {
  readonly columns: DepthColumns;
  /** By how much the recorder's clock was moved, in milliseconds; 0 when it was not behind. */
  readonly clockShift: number;
}

/**
 * Reads a raw capture of Binance's combined stream: one line per frame, `<local time in ns> <JSON>`, with REST depth
 * snapshots as lines among them; gzipped when the name ends in `.gz`. Takes depth updates and trades. Rows begin with
 * the first snapshot that the updates bridge; a gap in the update ids becomes a GAP row.
 *
 * Local times are cut to whole microseconds. A USD-M row happened at its transaction time `T`; spot depth has the event
 * time `E` only.
 *
 * @throws LabError `data` for a line that is not such a frame, naming it, and when no snapshot could be used
 */
export async function readBinanceCapture(
  path: string,
  options: BinanceCaptureOptions,
): Promise<BinanceCapture> {
  const received = new DepthBuilder();
  const found = await readCaptureRows(path, options, (rows) => received.append(rows));
  const columns = received.take();
  const clockShift = correctClock(columns, options.fastest);
  return { ...found, columns: orderDepth(columns), clockShift };
}

/** Reads the same in bounded memory. */
export async function readCaptureRows(
  path: string,
  options: BinanceCaptureOptions,
  take: (received: DepthColumns) => void,
  onRead?: OnRead,
): Promise<CaptureFacts> {
  const reader = new CaptureReader(options);
  let number = 0;
  for await (const block of linesOf(bytesOf(path, onRead), 1 << 20)) {
    const lines = block.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      try {
        reader.read(line);
      } catch (cause) {
        const shown = line.length > 80 ? `${line.slice(0, 80)}…` : line;
        throw new LabError(
          'data',
          `line ${number} of ${path} is not a frame of a Binance capture: ${shown}; expected a local time in nanoseconds, a space and JSON`,
          { cause },
        );
      }
    }
    take(reader.take());
  }
  if (reader.snapshots === 0) {
    throw new LabError(
      'data',
      `${path} has no depth snapshot that its updates go on from, in ${number} lines; fetch one while recording`,
    );
  }
  return reader.facts;
}

type Level = readonly [price: string, qty: string];

interface Frame {
  readonly e?: string;
  readonly E?: number;
  readonly T?: number;
  /** Depth updates. */
  readonly U: number;
  readonly u: number;
  readonly pu?: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
  /** Trades; `X` is on USD-M only. */
  readonly p: string;
  readonly q: string;
  readonly m: boolean;
  readonly X?: string;
}

interface Snapshot {
  readonly lastUpdateId: number;
  readonly T?: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

class HeldUpdate implements UpdateIds {
  readonly first: number;
  readonly last: number;
  readonly previous: number;
  readonly exchTs: number;
  readonly frame: Frame;

  constructor(frame: Frame, exchTs: number) {
    this.first = frame.U;
    this.last = frame.u;
    this.previous = frame.pu ?? Number.NaN;
    this.exchTs = exchTs;
    this.frame = frame;
  }
}

class CaptureReader {
  snapshots = 0;
  private readonly rows = new DepthBuilder();
  private readonly sync: BookSync<HeldUpdate>;
  private readonly tickSize: number;
  /** Venue time of the last depth row: what a bridging update sent before its snapshot is moved to. */
  private lastExchTs = 0;

  constructor({ market, tickSize }: BinanceCaptureOptions) {
    if (!(tickSize > 0)) throw new LabError('params', `tickSize is ${tickSize}; expected above 0`);
    this.sync = new BookSync(market);
    this.tickSize = tickSize;
  }

  read(line: string): void {
    const space = line.indexOf(' ');
    const localTs = Number(line.slice(0, space - 3)) / 1000;
    if (!(space === 19 && localTs > 0)) throw new Error('no local time');
    // Two lines of three are tickers, which are not needed: parsing them was most of the work.
    if (line.lastIndexOf('@bookTicker', 64) > 0) return;
    const message = JSON.parse(line.slice(space + 1)) as { data?: Frame } & Partial<Snapshot>;
    if (message.lastUpdateId !== undefined) this.onSnapshot(message as Snapshot, localTs);
    else if (message.data !== undefined) this.onFrame(message.data, localTs);
  }

  /** Rows as they were received since the last call. */
  take(): DepthColumns {
    return this.rows.take();
  }

  get facts(): CaptureFacts {
    const { snapshots, sync } = this;
    return { snapshots, gaps: sync.gaps, dropped: sync.dropped };
  }

  private onFrame(frame: Frame, localTs: number): void {
    if (frame.e === 'depthUpdate') {
      const update = new HeldUpdate(frame, frame.T ?? frame.E!);
      const verdict = this.sync.onUpdate(update);
      if (verdict === 'apply') this.pushUpdate(update, localTs);
      else if (verdict === 'gap') this.rows.push(GAP, update.exchTs, localTs, 0, 0);
    } else if (frame.e === 'trade' && this.snapshots > 0) {
      // Insurance fund and liquidation engine print without touching the book.
      if (frame.X !== undefined && frame.X !== 'MARKET') return;
      const ev = TRADE | (frame.m ? SELL : BUY);
      this.rows.push(ev, frame.T!, localTs, this.ticks(frame.p), Number(frame.q));
    }
  }

  private onSnapshot(snapshot: Snapshot, localTs: number): void {
    const next = this.sync.onSnapshot(snapshot.lastUpdateId);
    if (next === undefined) return;
    this.snapshots++;
    // Spot snapshots carry no time: the newest update that they contain is the best there is.
    const known = snapshot.T ?? (this.sync.contained ?? next[0])?.exchTs;
    this.lastExchTs = known ?? localTs;
    this.rows.push(SNAPSHOT, this.lastExchTs, localTs, 0, 0);
    this.pushLevels(DEPTH | BUY, this.lastExchTs, localTs, snapshot.bids);
    this.pushLevels(DEPTH | SELL, this.lastExchTs, localTs, snapshot.asks);
    for (const update of next) this.pushUpdate(update, localTs);
  }

  private pushUpdate({ frame, exchTs }: HeldUpdate, localTs: number): void {
    this.lastExchTs = Math.max(this.lastExchTs, exchTs);
    this.pushLevels(DEPTH | BUY, this.lastExchTs, localTs, frame.b);
    this.pushLevels(DEPTH | SELL, this.lastExchTs, localTs, frame.a);
  }

  private pushLevels(ev: number, exchTs: number, localTs: number, levels: readonly Level[]): void {
    for (const [price, qty] of levels) {
      this.rows.push(ev, exchTs, localTs, this.ticks(price), Number(qty));
    }
  }

  private ticks(price: string): number {
    return Math.round(Number(price) / this.tickSize);
  }
}
