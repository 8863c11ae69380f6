import { lowerBound } from '../core/binary-search.ts';
import type { BarChunk } from '../market/bar.ts';
import type { DrawdownWatch } from '../risk/drawdown-watch.ts';
import type { Broker } from '../trading/broker.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import type { BarView } from './bar-view.ts';
import type { Context } from './context.ts';
import { DeclaredIndicators } from './declared-indicators.ts';
import type { Passage } from './passage.ts';
import type { Recorder } from './recorder.ts';
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
  private readonly strategy: Strategy;
  private readonly ctx: Context;
  private readonly portfolio: Portfolio;
  private readonly broker: Broker;
  private readonly recorder: Recorder;
  private readonly drawdown: DrawdownWatch;
  /** Equity by step. */
  private marks: Float64Array;
  /** One element, by instrument. */
  private readonly held: Float64Array;
  private readonly lastPrice: Float64Array;

  constructor(passage: Passage) {
    const { indicators, cast, contexts, portfolio } = passage;
    this.clock = indicators.views[0]!;
    this.passage = passage;
    this.strategy = cast.strategies[0]!;
    this.ctx = contexts[0]!;
    this.portfolio = portfolio;
    this.broker = passage.broker;
    this.recorder = passage.recorder;
    this.drawdown = passage.risk.watches.drawdown;
    this.marks = indicators.marks;
    this.held = portfolio.qty;
    this.lastPrice = portfolio.lastPrice;
  }

  drain(chunk: BarChunk): void {
    const { clock: bar, broker, recorder } = this;
    const { risk, startTs, cast, indicators } = this.passage;
    const { columns, to, from: offset } = chunk;
    const { closeTs } = columns;
    const from = Math.max(offset, lowerBound(closeTs, startTs, to));
    if (from >= to) return;
    this.marks = recorder.marks(closeTs, offset, from, to, indicators.marks);
    const warm = DeclaredIndicators.warmStep(0, cast.declared[0]!);
    // From here on, bars that the broker does not have to see are quiet.
    const awake = risk.everyMark || risk.everyBar ? Number.POSITIVE_INFINITY : warm;
    const end = to - offset;
    let step = from - offset;
    let event = broker.nextEvent(0, columns, from, to) - offset;
    let due = broker.openOrders > 0 ? step : event;

    while (step < end) {
      bar.step = step;
      if (step >= due) {
        if (broker.openOrders > 0 || step === event) broker.onBar(0, bar);
        if (step === event) event = broker.nextEvent(0, columns, offset + step + 1, to) - offset;
        due = event;
        if (broker.openOrders > 0) {
          const before = Math.min(offset + event, to);
          due = broker.restUntil(0, columns, offset + step + 1, before) - offset;
        }
      }
      const { changes } = broker;
      const first = step;
      if (step >= awake) step = this.quiet(step, Math.min(due, end));
      if (step === first) this.loud(step++, first >= warm);
      if (broker.changes !== changes) due = step;
    }
    recorder.bars += to - from;
    recorder.take(closeTs, this.marks, offset, from, to);
  }

  /** One bar whose fills are through, with everything that can happen. */
  private loud(step: number, warm: boolean): void {
    const { clock: bar, portfolio, drawdown } = this;
    const { risk, recorder } = this.passage;
    const { everyBar, everyMark, watches } = risk;
    const { closeTs, close } = bar;
    portfolio.lastPrice[0] = close;
    const equity = portfolio.equity();
    this.marks[step] = equity;
    if (this.held[0] !== 0) recorder.barsInMarket++;
    if (everyBar && watches.onTime(0, closeTs, true)) this.passage.enter();
    if (equity > drawdown.peak || equity < drawdown.floor || everyMark) {
      if (watches.onMark(closeTs, equity)) this.passage.enter();
    }
    if (warm) this.strategy.onBar(bar, this.ctx);
  }

  /**
   * The bars from one step up to another at which nothing is due and no order can fill: equity is marked and the strategy
   * sees the bar. Cash and position cannot change among them, and of a fall only the depth counts. Ends before a bar
   * that makes a new peak or may trip the drawdown watch, and after one at which an order was placed, changed or
   * canceled.
   *
   * @returns the first step that did not pass
   */
  private quiet(from: number, to: number): number {
    const { clock: bar, strategy, ctx, marks, lastPrice, broker, drawdown } = this;
    const { closes } = bar;
    const { cash } = this.portfolio;
    const held = this.held[0]!;
    const { changes } = broker;
    const { peak, tripLevel } = drawdown;
    let { floor } = drawdown;
    // `| 0` tells the compiler once that these are whole, and not again at every bar.
    const end = to | 0;
    let step = from | 0;

    for (; step < end; step++) {
      const price = closes[step]!;
      const equity = cash + held * price;
      if (equity > peak) break;
      if (equity < floor) {
        if (equity <= tripLevel) break;
        floor = equity;
      }
      marks[step] = equity;
      lastPrice[0] = price;
      bar.step = step;
      strategy.onBar(bar, ctx);
      if (broker.changes !== changes) {
        step++;
        break;
      }
    }
    if (held !== 0) this.recorder.barsInMarket += step - from;
    if (floor < drawdown.floor) drawdown.observe(floor);
    return step;
  }
}
