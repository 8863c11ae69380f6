import { assert } from '../core/assert.ts';
import { lowerBound } from '../core/binary-search.ts';
import { roundDown } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import type { BarChunk } from '../market/bar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import type { SliceChunk } from '../market/slice.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { TradingState } from '../risk/trading-state.ts';
import type { RiskDenial, RiskVerdict } from '../risk/verdict.ts';
import type { Broker, BrokerDesk, BrokerSink } from '../trading/broker.ts';
import type { Exchange } from '../trading/exchange.ts';
import type { Fill } from '../trading/fill.ts';
import {
  type CashEntry,
  fillEntry,
  type Ledger,
  modifiedEntry,
  orderEntry,
  type SplitEntry,
} from '../trading/ledger.ts';
import type { Order } from '../trading/order.ts';
import type { OrderTerms } from '../trading/order-terms.ts';
import { Portfolio } from '../trading/portfolio.ts';
import { castOf, type StrategyFactory } from './cast.ts';
import { Context, type OrderDesk } from './context.ts';
import { DeclaredIndicators } from './declared-indicators.ts';
import type { IndicatorNode } from './indicator-node.ts';
import { Moments } from './moments.ts';
import { type CurveDetail, Recorder } from './recorder.ts';
import { RiskDesk } from './risk-desk.ts';
import type { Strategy } from './strategy.ts';

/** What one engine runs with. */
export interface EngineOptions {
  readonly cash: number;
  /** Where instruments are quoted in other currencies than that of the account. */
  readonly exchange?: Exchange | null;
  readonly limits: RiskLimits;
  /** Gross exposure the account may carry, as a multiple of equity. */
  readonly leverage: number;
  readonly curve: CurveDetail;
  /** Entries of what happened; null keeps the fills and the curve only. */
  readonly ledger: Ledger | null;
  /** Bars that close before it warm the indicators and nothing else. */
  readonly startTs: Millis;
  /** Makes the broker: the simulated one in research and on paper, a venue's in real trading. */
  readonly broker: (desk: BrokerDesk) => Broker;
}

/**
 * The engine: takes closed bars in time order through the eight steps of a bar, and is the same in a backtest, a sweep,
 * on paper and live. It is synchronous; feeds, ledgers and venues wait between chunks. Indicators of a chunk must have
 * been computed before it is drained, once for all the engines that share them.
 */
export class Engine implements BrokerSink, OrderDesk {
  readonly portfolio: Portfolio;
  readonly recorder: Recorder;
  readonly broker: Broker;
  readonly risk: RiskDesk;
  denied = 0;
  rejected = 0;
  #now: { readonly closeTs: Millis } = { closeTs: Number.NEGATIVE_INFINITY };
  readonly #instruments: InstrumentIndex;
  readonly #indicators: DeclaredIndicators;
  readonly #declared: readonly (readonly IndicatorNode[])[];
  readonly #strategies: readonly Strategy[];
  /** Whether any strategy wants to hear of its orders. */
  readonly #hearing: boolean;
  readonly #contexts: readonly Context[];
  readonly #startTs: Millis;
  readonly #ledger: Ledger | null;
  #lastOrderId = 0;
  /** How bars pass where they are not those of one instrument with a strategy of its own, in one currency. */
  readonly #moments: Moments | null = null;

  constructor(indicators: DeclaredIndicators, factory: StrategyFactory, options: EngineOptions) {
    const { instruments } = indicators;
    this.#instruments = instruments;
    this.#indicators = indicators;
    this.#startTs = options.startTs;
    this.#ledger = options.ledger;
    this.portfolio = new Portfolio(options.cash, instruments.size, options.exchange);
    this.recorder = new Recorder(options.curve);
    this.broker = options.broker({
      instruments,
      account: this.portfolio,
      sink: this,
      nextOrderId: () => this.nextOrderId(),
    });
    const { portfolio, broker } = this;
    const { limits, leverage } = options;
    this.risk = new RiskDesk({ limits, instruments, portfolio, orders: broker, leverage });

    const cast = castOf(indicators, factory);
    const { strategies } = cast;
    this.#strategies = strategies;
    this.#hearing = strategies.some(({ onOrder }) => onOrder !== undefined);
    this.#declared = cast.declared;
    this.#contexts = strategies.map(
      (_, k) => new Context(this, this.portfolio, k, instruments.at(k)),
    );
    const alone = instruments.size === 1 && cast.portfolio === null;
    if (alone && this.portfolio.exchange === null) return;
    this.#moments = new Moments({
      indicators,
      cast,
      contexts: this.#contexts,
      portfolio: this.portfolio,
      recorder: this.recorder,
      broker: this.broker,
      risk: this.risk,
      startTs: options.startTs,
      enter: () => this.#enter(),
    });
    this.#now = this.#moments.clock;
  }

  /**
   * The path of a bar, row by row. Every bar: time moves on, resting orders may fill, equity is marked; once warm, the
   * strategy sees the bar and may place orders, which pass the gate and can fill from the next bar on.
   *
   * Cash and position change only while resting orders fill, so they are read again only then; equity only moves when
   * one of them did or something is held, or on the row of the broker's next event; and the drawdown
   * watch is only told of a new peak or a new depth.
   */
  drain(chunk: BarChunk): void {
    if (this.#moments !== null) {
      this.#moments.drain(chunk);
      return;
    }
    const k = chunk.instrument;
    const { closeTs, close } = chunk.columns;
    const { to, from: offset } = chunk;
    const from = Math.max(offset, lowerBound(closeTs, this.#startTs, to));
    const view = this.#indicators.views[k]!;
    if (from >= to) {
      // Nothing to trade, but other instruments may read the indicators of its last bar.
      view.step = to - 1 - offset;
      return;
    }
    const strategy = this.#strategies[k]!;
    const ctx = this.#contexts[k]!;
    const { portfolio, recorder, broker } = this;
    const { lastPrice } = portfolio;
    const { everyMark, everyBar, watches: watch } = this.risk;
    const { drawdown } = watch;
    const warm = offset + DeclaredIndicators.warmStep(k, this.#declared[k]!);
    this.#now = view;
    let held = portfolio.qty[k]!;
    let rest = portfolio.equityWithout(k);
    let equity = held === 0 ? rest : rest + held * lastPrice[k]!;
    let { peak, floor } = drawdown;
    let point = recorder.nextPoint(closeTs, from, to);
    let event = broker.nextEvent(k, chunk.columns, from, to);
    let inMarket = 0;

    for (let row = from; row < to; row++) {
      const price = close[row]!;
      view.step = row - offset;
      if (broker.openOrders > 0 || row === event) {
        broker.onBar(k, view);
        if (row === event) event = broker.nextEvent(k, chunk.columns, row + 1, to);
        held = portfolio.qty[k]!;
        rest = portfolio.equityWithout(k);
        equity = rest;
      }
      lastPrice[k] = price;
      if (held !== 0) {
        equity = rest + held * price;
        inMarket++;
      }
      if (everyBar && watch.onTime(k, closeTs[row]!, true)) this.#enter();
      if (equity > peak || equity < floor || everyMark) {
        if (watch.onMark(closeTs[row]!, equity)) this.#enter();
        peak = drawdown.peak;
        floor = drawdown.floor;
      }
      if (row >= warm) strategy.onBar(view, ctx);
      if (row === point) {
        recorder.row(closeTs[row]!, equity);
        point = recorder.nextPoint(closeTs, row + 1, to);
      }
    }
    recorder.bars += to - from;
    recorder.barsInMarket += inMarket;
  }

  /** The same for the bars of many instruments, moment by moment. */
  drainSlice(slice: SliceChunk): void {
    assert(this.#moments !== null, 'slices are for runs of several instruments');
    this.#moments.drainSlice(slice);
  }

  /** Nothing more will close at the moment under way; after the last chunk of several instruments. */
  settle(): void {
    this.#moments?.settle();
  }

  /** Deepest fall of equity from its peak over every bar, as a fraction. */
  get maxDrawdown(): number {
    return this.risk.watches.drawdown.maxDrawdown;
  }

  get trading(): TradingState {
    return this.risk.latch.state;
  }

  /** The close of the bar under way. */
  get now(): Millis {
    return this.#now.closeTs;
  }

  nextOrderId(): number {
    return ++this.#lastOrderId;
  }

  /** Steps 6 and 7: the risk gate, then the broker. */
  place(order: Order): void {
    const verdict = this.#ask(order);
    if (verdict.outcome === 'resized') {
      order.qty = verdict.qty;
      order.expectedQty = verdict.qty;
    }
    this.#ledger?.append(orderEntry(order));
    if (verdict.outcome === 'denied') {
      this.denied++;
      order.become('denied');
      this.#noteDenial(order, verdict);
      if (this.#hearing) this.#tell(order);
      return;
    }
    order.become('submitted');
    this.broker.submit(order);
    this.risk.sent(order, order.expectedQty, this.#valueOf(order), this.now);
    if (this.#hearing) this.#tell(order);
  }

  /** A change passes the gate as an order of the new size would, the old one not counted. */
  modify(order: Order, wanted: number, terms: OrderTerms): boolean {
    const qty = roundDown(wanted, this.#instruments.at(order.instrument).lotSize);
    const { expectedQty } = order;
    // While it is asked about, the order itself must not stand in the way of its own change.
    order.expectedQty = order.filledQty;
    const price = referencePrice(terms, this.portfolio.lastPrice[order.instrument]!);
    const verdict = this.risk.ask(order, terms, qty - order.filledQty, price, this.now);
    order.expectedQty = expectedQty;
    if (verdict.outcome === 'denied') {
      this.#noteDenial(order, verdict);
      return false;
    }
    const size = verdict.outcome === 'resized' ? verdict.qty + order.filledQty : qty;
    this.broker.modify(order, size, terms);
    this.onModified(order);
    return true;
  }

  #noteDenial({ id }: Order, { rule, limit, found }: RiskDenial): void {
    this.#ledger?.append({ kind: 'denied', ts: this.now, orderId: id, rule, limit, found });
  }

  #ask(order: Order): RiskVerdict {
    const { lotSize } = this.#instruments.at(order.instrument);
    const price = this.#valueOf(order);
    const { share } = order;
    const { portfolio } = this;
    if (share === null) {
      order.qty = roundDown(order.qty, lotSize);
      order.expectedQty = order.qty;
    } else
      order.expectedQty =
        (share.fraction * portfolio.equity()) / (price * portfolio.rate(order.instrument));
    return this.risk.ask(order, order.terms, order.expectedQty, price, this.now);
  }

  #valueOf({ terms, instrument }: Order): number {
    return referencePrice(terms, this.portfolio.lastPrice[instrument]!);
  }

  cancel(order: Order): void {
    this.broker.cancel(order, 'canceled by the strategy');
  }

  cancelAll(instrument: number): void {
    this.broker.cancelAll(instrument, 'canceled by the strategy');
    // Among them was the order that flattens the position.
    if (this.trading === 'FLATTENING') this.#contexts[instrument]!.close();
  }

  openOrders(instrument: number): number {
    return this.broker.openOrdersOf(instrument);
  }

  onFill(fill: Fill, order: Order): void {
    const { portfolio } = this;
    const { roundTrips } = portfolio;
    portfolio.apply(fill);
    this.recorder.fill(fill, portfolio.rate(fill.instrument));
    this.#ledger?.append(fillEntry(fill, order));
    const k = fill.instrument;
    this.risk.filled(fill, portfolio.qty[k]!);
    if (portfolio.roundTrips > roundTrips) this.#tradeEnded(order, fill);
    this.#strategies[k]!.onFill?.(fill, order, this.#contexts[k]!);
    if (this.#hearing) this.#tell(order);
    const { followUps } = order.terms;
    if (followUps.length > 0 && order.status === 'filled') this.#contexts[k]!.follow(followUps);
  }

  onAccepted(order: Order): void {
    if (this.risk.watches.onAnswer(false)) this.#enter();
    if (this.#hearing) this.#tell(order);
  }

  onChild(order: Order): void {
    this.#ledger?.append(orderEntry(order));
    if (this.#hearing) this.#tell(order);
  }

  onModified(order: Order): void {
    this.risk.changed(order.instrument);
    this.#ledger?.append(modifiedEntry(this.now, order));
    if (this.#hearing) this.#tell(order);
  }

  onCash(entry: CashEntry): void {
    this.portfolio.book(entry);
    this.#ledger?.append(entry);
  }

  onSplit(entry: SplitEntry): void {
    this.portfolio.split(entry.instrument, entry.ratio, entry.qty);
    this.risk.changed(entry.instrument);
    this.#ledger?.append(entry);
  }

  onEnd(order: Order, status: 'canceled' | 'rejected', reason: string): void {
    this.risk.changed(order.instrument);
    if (status === 'rejected') {
      this.rejected++;
      if (this.risk.watches.onAnswer(true)) this.#enter();
    }
    this.#ledger?.append({ kind: 'ended', ts: this.now, orderId: order.id, status, reason });
    if (this.#hearing) this.#tell(order);
  }

  #tell(order: Order): void {
    const k = order.instrument;
    this.#strategies[k]!.onOrder?.(order, this.#contexts[k]!);
  }

  /** Does what the state that trading has just come to asks for. */
  #enter(): void {
    const { state, reason } = this.risk.latch;
    this.#ledger?.append({ kind: 'state', ts: this.now, state, reason });
    for (let k = 0; k < this.#instruments.size; k++) {
      this.broker.cancelAll(k, `trading is ${state}`, stays[state]);
      if (state === 'FLATTENING') this.#contexts[k]!.close();
    }
  }

  /** A position was closed or turned: trades are counted, and whoever flattens may be done. */
  #tradeEnded(order: Order, { instrument, ts }: Fill): void {
    const { risk } = this;
    if (order.type === 'stop' || order.role === 'stopLoss') risk.stopped(instrument, ts);
    if (risk.watches.onTrade(risk.pnl[instrument]!)) this.#enter();
    if (risk.latch.state === 'FLATTENING' && this.portfolio.qty.every((qty) => qty === 0)) {
      risk.latch.flattened();
      const reason = 'every position is closed';
      this.#ledger?.append({ kind: 'state', ts: this.now, state: 'FLAT', reason });
    }
  }
}

/** Which resting orders outlive the entering of a state: those that only reduce, those that protect, none. */
const stays: Readonly<Record<TradingState, ((order: Order) => boolean) | undefined>> = {
  ACTIVE: () => true,
  REDUCING: (order) => order.terms.reduceOnly,
  HALTED: (order) => order.terms.reduceOnly && !Number.isNaN(order.stopPrice),
  FLATTENING: undefined,
  FLAT: undefined,
};

/** The price the gate values an order at: its own where it has one, else the last close. */
function referencePrice({ limitPrice, stopPrice }: OrderTerms, last: number): number {
  if (!Number.isNaN(limitPrice)) return limitPrice;
  return Number.isNaN(stopPrice) ? last : stopPrice;
}
