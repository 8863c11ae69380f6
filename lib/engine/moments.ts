import { assert } from '../core/assert.ts';
import { lowerBound } from '../core/binary-search.ts';
import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { allocateBars, type BarChunk, type BarColumns } from '../market/bar.ts';
import { type SliceChunk, sliceOf } from '../market/slice.ts';
import type { BarView } from './bar-view.ts';
import type { IndicatorNode } from './indicator-node.ts';
import { NewsDesk } from './news-desk.ts';
import type { Passage } from './passage.ts';
import { PortfolioContext } from './portfolio-context.ts';
import { Slice } from './slice.ts';

/**
 * The path of the bars of several instruments, moment by moment.
 *
 * At one moment the instruments come in the order of the run, each with the eight steps of a bar: its resting orders may
 * fill, it is marked, its strategy sees the bar. When all of them have, the account is worth something again: between two
 * of them it is worth the new price of the one and the old price of the other, and no fall of that kind is a drawdown.
 * Then a portfolio strategy sees the slice. For one, what reduces a position fills before what grows one, so that the
 * cash of a sale is there for the purchase of the same moment.
 *
 * Bars come as slices, or in chunks of one instrument; then a moment is over when the next one begins, or `settle` says
 * so. The fills are the same.
 */
export class Moments {
  /** The moment under way. */
  readonly clock: { closeTs: Millis } = { closeTs: Number.NEGATIVE_INFINITY };
  readonly #passage: Passage;
  readonly #views: readonly BarView[];
  readonly #slice: Slice;
  readonly #context: PortfolioContext;
  readonly #news: NewsDesk | null;
  #settled = true;

  /** Of each instrument's part of a slice: where it begins, its next row and its end. */
  readonly #from: Int32Array;
  readonly #next: Int32Array;
  readonly #to: Int32Array;
  /** The row from which its own indicators are warm, and that of the next event of its account. */
  readonly #warm: Int32Array;
  readonly #event: Int32Array;
  readonly #columns: BarColumns[];
  /** The indicators on other instruments that it still waits for. */
  readonly #cold: IndicatorNode[][];
  /** Whether its bar of this moment has been to the broker. */
  readonly #matched: Uint8Array;

  constructor(passage: Passage) {
    const { indicators, cast, contexts, portfolio } = passage;
    const { instruments, views } = indicators;
    const { size } = instruments;
    this.#passage = passage;
    this.#views = views;
    this.#slice = new Slice(instruments, views);
    this.#context = new PortfolioContext(instruments, portfolio, contexts);
    const { news } = passage;
    this.#news = news && new NewsDesk(news, instruments, cast, contexts, this.#context);
    this.#from = new Int32Array(size);
    this.#next = new Int32Array(size);
    this.#to = new Int32Array(size);
    this.#warm = new Int32Array(size);
    this.#event = new Int32Array(size);
    this.#matched = new Uint8Array(size);
    const nothing = allocateBars(0);
    this.#columns = Array<BarColumns>(size).fill(nothing);
    this.#cold = cast.declared.map((nodes, k) =>
      nodes.filter(({ source }) => source.instrument !== k),
    );
  }

  /** A chunk of one of several instruments. */
  drain(chunk: BarChunk): void {
    const k = chunk.instrument;
    const { recorder, portfolio, startTs, cast } = this.#passage;
    if (cast.portfolio !== null) {
      this.#drainAlone(chunk);
      return;
    }
    assert(this.#news === null || this.#views.length === 1, 'news of several come with slices');
    const { closeTs } = chunk.columns;
    const { to, from: offset } = chunk;
    const from = Math.max(offset, lowerBound(closeTs, startTs, to));
    this.#begin(chunk);
    this.#next[k] = from;
    this.#views[k]!.step = from - 1 - offset;
    for (let row = from; row < to; row++) {
      const now = closeTs[row]!;
      if (now > this.clock.closeTs) {
        this.settle();
        this.#begins(now);
      }
      this.#match(k);
      this.#show(k);
      recorder.row(now, portfolio.equity());
      this.#settled = false;
      if (this.#news !== null) this.#ends(now);
    }
  }

  /** Where there is one instrument, its chunks are slices. */
  #drainAlone(chunk: BarChunk): void {
    if (this.#views.length > 1) {
      throw new LabError(
        'usage',
        'a portfolio strategy was handed the bars of one symbol at a time; merge feeds of one symbol each with mergeFeeds, which gives slices',
      );
    }
    const { columns, from, to } = chunk;
    this.drainSlice(sliceOf(columns.closeTs.subarray(from, to), [chunk]));
  }

  /** A slice: every moment of it, and at each the instruments that have a bar, in the order of the run. */
  drainSlice({ closeTs, close, parts }: SliceChunk): void {
    const { recorder, portfolio, startTs, cast } = this.#passage;
    for (let k = 0; k < parts.length; k++) this.#begin(parts[k]!);
    const start = lowerBound(closeTs, startTs, closeTs.length);
    for (let row = 0; row < start; row++) this.#skip(closeTs[row]!);
    const next = this.#next;
    const size = next.length;
    const { broker, risk } = this.#passage;
    const events = this.#event;
    const from = this.#from;
    const warm = this.#warm;
    const cold = this.#cold;
    const views = this.#views;
    const { ready } = this.#slice;
    const { lastPrice, qty } = portfolio;
    // Of the quiet bars; the others count themselves.
    let bars = 0;
    let inMarket = 0;
    this.settle();

    for (let row = start; row < closeTs.length; row++) {
      const now = closeTs[row]!;
      this.#begins(now);
      const sold = cast.portfolio !== null && this.#matchSales(now);
      // While no order is open, a portfolio strategy's bars are only marked and counted.
      const quiet = cast.portfolio !== null && broker.openOrders === 0 && !risk.everyBar && !sold;
      for (let k = 0; k < size; k++) {
        const price = close[row * size + k]!;
        if (Number.isNaN(price)) continue;
        const at = next[k]!;
        if (quiet && at < events[k]! && cold[k]!.length === 0) {
          views[k]!.step = at - from[k]!;
          lastPrice[k] = price;
          if (qty[k] !== 0) inMarket++;
          next[k] = at + 1;
          ready[k] = at >= warm[k]! ? 1 : 0;
          bars++;
        } else {
          this.#match(k);
          this.#show(k);
        }
      }
      recorder.row(now, portfolio.equity());
      this.#settled = false;
      this.settle();
      if (cast.portfolio !== null) this.#showSlice(now);
      if (this.#news !== null) this.#ends(now);
    }
    recorder.bars += bars;
    recorder.barsInMarket += inMarket;
  }

  /** All bars of the moment under way are in: the account is worth what it is worth. */
  settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    const { portfolio, risk, enter } = this.#passage;
    const { watches, everyMark } = risk;
    const { peak, floor } = watches.drawdown;
    const equity = portfolio.equity();
    if (equity > peak || equity < floor || everyMark) {
      if (watches.onMark(this.clock.closeTs, equity)) enter();
    }
  }

  /**
   * A moment begins: news of before its bars opened are heard first, at their own time; then what is held is worth its
   * rate of now, before any of the bars.
   */
  #begins(now: Millis): void {
    const { exchange, held } = this.#passage.portfolio;
    this.#news?.upTo(this.#firstOpen(now), (ts) => {
      this.clock.closeTs = ts;
      exchange?.at(ts);
    });
    this.clock.closeTs = now;
    if (exchange === null) return;
    exchange.at(now);
    for (const k of held) exchange.known(k);
  }

  /** The first open among the bars that close now. */
  #firstOpen(now: Millis): Millis {
    let first = Number.POSITIVE_INFINITY;
    for (let k = 0; k < this.#next.length; k++) {
      const at = this.#next[k]!;
      const { closeTs, openTs } = this.#columns[k]!;
      if (at < this.#to[k]! && closeTs[at] === now) first = Math.min(first, openTs[at]!);
    }
    return first;
  }

  /** All that was decided by the bars of a moment is: then the news that came with their close. */
  #ends(now: Millis): void {
    this.settle();
    this.#news!.upTo(now);
  }

  #begin(part: BarChunk): void {
    const { instrument: k, columns, from, to } = part;
    const { broker, cast } = this.#passage;
    this.#from[k] = from;
    this.#next[k] = from;
    this.#to[k] = to;
    if (from === to) return;
    this.#columns[k] = columns;
    this.#views[k]!.step = -1;
    this.#event[k] = broker.nextEvent(k, columns, from, to);
    let warm = 0;
    for (const { source, warmStep } of cast.declared[k]!) {
      if (source.instrument === k) warm = Math.max(warm, Math.min(warmStep, to - from));
    }
    this.#warm[k] = from + warm;
  }

  /** Bars before the start of trading move the indicators on, and nothing else. */
  #skip(now: Millis): void {
    const next = this.#next;
    for (let k = 0; k < next.length; k++) {
      const at = next[k]!;
      if (at === this.#to[k] || this.#columns[k]!.closeTs[at] !== now) continue;
      this.#views[k]!.step = at - this.#from[k]!;
      next[k] = at + 1;
    }
  }

  /** The broker sees the bar, if it has anything to do with it, and the position is marked. */
  #match(k: number): void {
    if (this.#matched[k] === 1) return;
    const { broker, portfolio, risk, enter } = this.#passage;
    const at = this.#next[k]!;
    const columns = this.#columns[k]!;
    if (risk.everyBar && risk.watches.onTime(k, columns.closeTs[at]!, true)) enter();
    const view = this.#views[k]!;
    view.step = at - this.#from[k]!;
    const event = at >= this.#event[k]!;
    if (broker.openOrders > 0 || event) {
      broker.onBar(k, view);
      portfolio.exchange?.at(this.clock.closeTs);
      if (event) this.#event[k] = broker.nextEvent(k, columns, at + 1, this.#to[k]!);
    }
    portfolio.lastPrice[k] = columns.close[at]!;
  }

  /** The strategy sees the bar, which is over then. */
  #show(k: number): void {
    const { recorder, portfolio, cast, contexts } = this.#passage;
    const at = this.#next[k]!;
    recorder.bars++;
    if (portfolio.qty[k] !== 0) recorder.barsInMarket++;
    this.#next[k] = at + 1;
    this.#matched[k] = 0;
    const ready = at >= this.#warm[k]! && (this.#cold[k]!.length === 0 || this.#warmed(k));
    this.#slice.ready[k] = ready ? 1 : 0;
    if (cast.portfolio !== null) return;
    this.#news?.before(k, this.clock.closeTs);
    if (!ready) return;
    this.#news?.wake(k);
    cast.strategies[k]!.onBar(this.#views[k]!, contexts[k]!);
  }

  /** Forgets the indicators of other instruments that have become warm, and tells whether that were all. */
  #warmed(k: number): boolean {
    const cold = this.#cold[k]!;
    for (let i = cold.length - 1; i >= 0; i--) {
      const { source, warmStep } = cold[i]!;
      const before = warmStep < 0;
      if (before || this.#views[source.instrument]!.step >= warmStep) cold.splice(i, 1);
    }
    return cold.length === 0;
  }

  /** The instruments first whose open orders reduce what is held. @returns whether there were any */
  #matchSales(now: Millis): boolean {
    const { broker, portfolio } = this.#passage;
    this.#slice.ready.fill(0);
    if (broker.openOrders === 0) return false;
    let any = false;
    for (const k of [...portfolio.held]) {
      const at = this.#next[k]!;
      if (at === this.#to[k] || this.#columns[k]!.closeTs[at] !== now) continue;
      const side = portfolio.qty[k]! > 0 ? -1 : 1;
      if (broker.openQty(k, side) + broker.closingQty(k, side) === 0) continue;
      this.#match(k);
      this.#matched[k] = 1;
      any = true;
    }
    return any;
  }

  #showSlice(now: Millis): void {
    const slice = this.#slice;
    slice.closeTs = now;
    this.#news?.before(0, now);
    if (!slice.ready.includes(1)) return;
    this.#news?.wake(0);
    this.#passage.cast.portfolio!.onSlice(slice, this.#context);
  }
}
