import { lowerBound } from '../core/binary-search.ts';
import type { BarChunk } from '../market/bar.ts';
import type { BarView } from './bar-view.ts';
import type { Context } from './context.ts';
import { DeclaredIndicators } from './declared-indicators.ts';
import type { Passage } from './passage.ts';
import type { Strategy } from './strategy.ts';

/**
 * The path of the bars of one instrument, step by step of a chunk. Every bar: time moves on, resting orders may fill,
 * equity is marked; once warm, the strategy sees the bar and may place orders, which pass the gate and can fill from the
 * next bar on.
 */
export class BarPath {
  /** The bar under way. */
  readonly clock: BarView;
  private readonly passage: Passage;
  private readonly view: BarView;
  private readonly strategy: Strategy;
  private readonly ctx: Context;
  private readonly marks: Float64Array;

  constructor(passage: Passage) {
    this.passage = passage;
    this.view = passage.indicators.views[0]!;
    this.clock = this.view;
    this.strategy = passage.cast.strategies[0]!;
    this.ctx = passage.contexts[0]!;
    this.marks = passage.indicators.marks;
  }

  drain(chunk: BarChunk): void {
    const { portfolio, recorder, broker, risk, startTs, cast } = this.passage;
    const { view, strategy, ctx, marks } = this;
    const { closeTs, close } = chunk.columns;
    const { to, from: offset } = chunk;
    const from = Math.max(offset, lowerBound(closeTs, startTs, to));
    if (from >= to) return;
    const { everyMark, everyBar, watches } = risk;
    const { drawdown } = watches;
    const warm = DeclaredIndicators.warmStep(0, cast.declared[0]!);
    // From here on, up to the broker's next event, bars without an open order are quiet.
    const awake = everyMark || everyBar ? Number.POSITIVE_INFINITY : warm;
    const end = to - offset;
    let event = broker.nextEvent(0, chunk.columns, from, to) - offset;
    let step = from - offset;

    while (step < end) {
      if (step >= awake && broker.openOrders === 0) {
        step = this.quiet(step, Math.min(event, end));
        if (step === end) break;
      }
      const price = close[offset + step]!;
      view.step = step;
      if (broker.openOrders > 0 || step === event) {
        broker.onBar(0, view);
        if (step === event) {
          event = broker.nextEvent(0, chunk.columns, offset + step + 1, to) - offset;
        }
      }
      portfolio.lastPrice[0] = price;
      const equity = portfolio.equity();
      marks[step] = equity;
      if (portfolio.qty[0] !== 0) recorder.barsInMarket++;
      if (everyBar && watches.onTime(0, view.closeTs, true)) this.passage.enter();
      if (equity > drawdown.peak || equity < drawdown.floor || everyMark) {
        if (watches.onMark(view.closeTs, equity)) this.passage.enter();
      }
      if (step >= warm) strategy.onBar(view, ctx);
      step++;
    }
    recorder.bars += to - from;
    recorder.take(closeTs, marks, offset, from, to);
  }

  /**
   * The bars from one step up to another at which no order is open and nothing is due: equity is marked and the strategy
   * sees the bar. Cash and position cannot change among them, and of a fall only the depth counts. Ends before a bar
   * that makes a new peak or may trip the drawdown watch, and after one at which an order was placed.
   *
   * @returns the first step that did not pass
   */
  private quiet(from: number, to: number): number {
    const { view, strategy, ctx, marks } = this;
    const { portfolio, recorder, broker, risk } = this.passage;
    const { drawdown } = risk.watches;
    const { closes } = view;
    const { lastPrice, cash } = portfolio;
    const held = portfolio.qty[0]!;
    const { peak, tripLevel } = drawdown;
    let { floor } = drawdown;
    // `| 0` tells the compiler once that these are whole, and not again at every bar.
    const end = to | 0;
    let step = from | 0;

    for (; step < end; step++) {
      const price = closes[step]!;
      const equity = cash + held * price;
      if (equity > peak || equity <= tripLevel) break;
      if (equity < floor) floor = equity;
      marks[step] = equity;
      lastPrice[0] = price;
      view.step = step;
      strategy.onBar(view, ctx);
      if (broker.openOrders > 0) {
        step++;
        break;
      }
    }
    if (held !== 0) recorder.barsInMarket += step - from;
    if (floor < drawdown.floor) drawdown.observe(floor);
    return step;
  }
}
