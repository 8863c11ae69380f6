import { lowerBound } from '../core/binary-search.ts';
import { roundDown } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import type { BarChunk } from '../market/bar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import { DrawdownWatch } from '../risk/drawdown-watch.ts';
import { check } from '../risk/gate.ts';
import type { RiskLimits } from '../risk/limits.ts';
import { noRiskRequest, noRiskState } from '../risk/request.ts';
import type { TradingState } from '../risk/trading-state.ts';
import type { RiskVerdict } from '../risk/verdict.ts';
import type { Broker, BrokerDesk, BrokerSink } from '../trading/broker.ts';
import type { Fill } from '../trading/fill.ts';
import { fillEntry, type Ledger, modifiedEntry, orderEntry } from '../trading/ledger.ts';
import type { Order } from '../trading/order.ts';
import type { OrderTerms } from '../trading/order-terms.ts';
import { Portfolio } from '../trading/portfolio.ts';
import { Context, type OrderDesk } from './context.ts';
import { DeclaredIndicators } from './declared-indicators.ts';
import type { IndicatorNode } from './indicator-node.ts';
import { type CurveDetail, Recorder } from './recorder.ts';
import type { Strategy } from './strategy.ts';

/** What one engine runs with. */
export interface EngineOptions {
  readonly cash: number;
  readonly limits: RiskLimits;
  readonly curve: CurveDetail;
  /** Entries of what happened; null keeps the fills and the curve only. */
  readonly ledger: Ledger | null;
  /** Bars that close before it warm the indicators and nothing else. */
  readonly startTs: Millis;
  /** Makes the broker: the simulated one in research and on paper, a venue's in real trading. */
  readonly broker: (desk: BrokerDesk) => Broker;
}

/** Makes the strategy of a run from the inputs of the instrument it trades. */
export type StrategyFactory = (inputs: ReturnType<DeclaredIndicators['inputs']>) => Strategy;

/**
 * The engine: takes closed bars in time order through the eight steps of a bar, and is the same in a backtest, a sweep,
 * on paper and live. It is synchronous; feeds, ledgers and venues wait between chunks. Indicators of a chunk must have
 * been computed before it is drained, once for all the engines that share them.
 */
export class Engine implements BrokerSink, OrderDesk {
  readonly portfolio: Portfolio;
  readonly recorder: Recorder;
  readonly broker: Broker;
  trading: TradingState = 'ACTIVE';
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
  readonly #limits: RiskLimits;
  readonly #drawdown: DrawdownWatch;
  readonly #ledger: Ledger | null;
  readonly #riskState = noRiskState();
  readonly #riskRequest = noRiskRequest();
  #lastOrderId = 0;

  /** One strategy per instrument is made, each with its own state. */
  constructor(indicators: DeclaredIndicators, factory: StrategyFactory, options: EngineOptions) {
    const { instruments } = indicators;
    this.#instruments = instruments;
    this.#indicators = indicators;
    this.#startTs = options.startTs;
    this.#limits = options.limits;
    this.#ledger = options.ledger;
    this.#drawdown = new DrawdownWatch(options.cash, options.limits.maxDrawdown ?? 1);
    this.portfolio = new Portfolio(options.cash, instruments.size);
    this.recorder = new Recorder(options.curve);
    this.broker = options.broker({
      instruments,
      account: this.portfolio,
      sink: this,
      nextOrderId: () => this.nextOrderId(),
    });

    const strategies: Strategy[] = [];
    const declared: IndicatorNode[][] = [];
    for (let k = 0; k < instruments.size; k++) {
      const nodes = new Set<IndicatorNode>();
      strategies.push(factory(indicators.inputs(k, nodes)));
      declared.push([...nodes]);
    }
    this.#strategies = strategies;
    this.#hearing = strategies.some(({ onOrder }) => onOrder !== undefined);
    this.#declared = declared;
    this.#contexts = strategies.map(
      (_, k) => new Context(this, this.portfolio, k, instruments.at(k).tickSize),
    );
  }

  /**
   * The path of a bar, row by row. Every bar: time moves on, resting orders may fill, equity is marked; once warm, the
   * strategy sees the bar and may place orders, which pass the gate and can fill from the next bar on.
   *
   * Cash and position change only while resting orders fill, so they are read again only then; equity only moves when
   * one of them did or something is held; and the drawdown watch is only told of a new peak or a new depth.
   */
  drain(chunk: BarChunk): void {
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
    const { watches } = broker;
    const drawdown = this.#drawdown;
    const warm = offset + DeclaredIndicators.warmStep(k, this.#declared[k]!);
    this.#now = view;
    let held = portfolio.qty[k]!;
    let rest = portfolio.equityWithout(k);
    let equity = held === 0 ? rest : rest + held * lastPrice[k]!;
    let { peak, floor } = drawdown;
    let point = recorder.nextPoint(closeTs, from, to);
    let inMarket = 0;

    for (let row = from; row < to; row++) {
      const price = close[row]!;
      view.step = row - offset;
      if (broker.openOrders > 0 || watches) {
        broker.onBar(k, view);
        held = portfolio.qty[k]!;
        rest = portfolio.equityWithout(k);
        equity = rest;
      }
      lastPrice[k] = price;
      if (held !== 0) {
        equity = rest + held * price;
        inMarket++;
      }
      if (equity > peak || equity < floor) {
        if (drawdown.observe(equity)) this.#haltTrading(equity);
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

  /** Deepest fall of equity from its peak over every bar, as a fraction. */
  get maxDrawdown(): number {
    return this.#drawdown.maxDrawdown;
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
      const { rule, limit, found } = verdict;
      this.#ledger?.append({ kind: 'denied', ts: this.now, orderId: order.id, rule, limit, found });
      if (this.#hearing) this.#tell(order);
      return;
    }
    order.become('submitted');
    this.broker.submit(order);
    if (this.#hearing) this.#tell(order);
  }

  /** A change passes the gate as an order of the new size would, the old one not counted. */
  modify(order: Order, qty: number, terms: OrderTerms): boolean {
    const { qty: oldQty, expectedQty, terms: oldTerms } = order;
    // While it is asked about, the order itself must not stand in the way of its own change.
    order.expectedQty = order.filledQty;
    const verdict = this.#check(
      order,
      qty - order.filledQty,
      referencePrice(terms, this.portfolio.lastPrice[order.instrument]!),
    );
    order.expectedQty = expectedQty;
    if (verdict.outcome === 'denied') {
      const { rule, limit, found } = verdict;
      this.#ledger?.append({ kind: 'denied', ts: this.now, orderId: order.id, rule, limit, found });
      return false;
    }
    const size = verdict.outcome === 'resized' ? verdict.qty + order.filledQty : qty;
    this.broker.modify(order, size, terms);
    this.#ledger?.append(modifiedEntry(this.now, order));
    if (this.#hearing) this.#tell(order);
    return order.qty !== oldQty || order.terms !== oldTerms;
  }

  #ask(order: Order): RiskVerdict {
    const { lotSize } = this.#instruments.at(order.instrument);
    const price = referencePrice(order.terms, this.portfolio.lastPrice[order.instrument]!);
    const { share } = order;
    if (share === null) {
      order.qty = roundDown(order.qty, lotSize);
      order.expectedQty = order.qty;
    } else order.expectedQty = (share.fraction * this.portfolio.equity()) / price;
    return this.#check(order, order.expectedQty, price);
  }

  /** The state and the request are written over at each question: they live as long as it does. */
  #check(order: Order, qty: number, price: number): RiskVerdict {
    const k = order.instrument;
    const { portfolio, broker } = this;
    const { lotSize, minNotional } = this.#instruments.at(k);
    const state = this.#riskState;
    const alone = broker.openOrders === 0;
    state.trading = this.trading;
    state.equity = portfolio.equity();
    state.positionQty = portfolio.qty[k]!;
    state.openQty = alone ? 0 : broker.openQty(k, order.side);
    state.closingQty = alone ? 0 : broker.closingQty(k, order.side);
    state.otherExposure = alone ? portfolio.exposureWithout(k) : this.#otherExposure(k);
    state.lotSize = lotSize;
    state.minNotional = minNotional;
    const request = this.#riskRequest;
    request.side = order.side;
    request.qty = qty;
    request.price = price;
    request.reduceOnly = order.terms.reduceOnly;
    return check(this.#limits, state, request);
  }

  /** What the other instruments' positions would be worth if the open orders of one side filled, the dearer side. */
  #otherExposure(k: number): number {
    const { qty, lastPrice } = this.portfolio;
    let exposure = 0;
    for (let j = 0; j < qty.length; j++) {
      if (j === k) continue;
      const bought = qty[j]! + this.broker.openQty(j, 1);
      const sold = qty[j]! - this.broker.openQty(j, -1);
      const units = Math.max(Math.abs(bought), Math.abs(sold));
      if (units > 0) exposure += units * lastPrice[j]!;
    }
    return exposure;
  }

  cancel(order: Order): void {
    this.broker.cancel(order, 'canceled by the strategy');
  }

  cancelAll(instrument: number): void {
    this.broker.cancelAll(instrument, 'canceled by the strategy');
    // Among them was the order with which the halt closes the position.
    if (this.trading === 'HALTED') this.#contexts[instrument]!.close();
  }

  openOrders(instrument: number): number {
    return this.broker.openOrdersOf(instrument);
  }

  onFill(fill: Fill, order: Order): void {
    this.portfolio.apply(fill);
    this.recorder.fill(fill);
    this.#ledger?.append(fillEntry(fill, order));
    const k = fill.instrument;
    this.#strategies[k]!.onFill?.(fill, order, this.#contexts[k]!);
    if (this.#hearing) this.#tell(order);
    const { followUps } = order.terms;
    if (followUps.length > 0 && order.status === 'filled') this.#contexts[k]!.follow(followUps);
  }

  onAccepted(order: Order): void {
    if (this.#hearing) this.#tell(order);
  }

  onChild(order: Order): void {
    this.#ledger?.append(orderEntry(order));
    if (this.#hearing) this.#tell(order);
  }

  onEnd(order: Order, status: 'canceled' | 'rejected', reason: string): void {
    if (status === 'rejected') this.rejected++;
    this.#ledger?.append({ kind: 'ended', ts: this.now, orderId: order.id, status, reason });
    if (this.#hearing) this.#tell(order);
  }

  #tell(order: Order): void {
    const k = order.instrument;
    this.#strategies[k]!.onOrder?.(order, this.#contexts[k]!);
  }

  /** Cancels all, closes every position at the market, and lets nothing grow again. */
  #haltTrading(equity: number): void {
    this.trading = 'HALTED';
    const { peak } = this.#drawdown;
    const reason = `equity ${equity} fell ${(100 * (1 - equity / peak)).toFixed(2)} % from its peak ${peak}`;
    this.#ledger?.append({ kind: 'state', ts: this.now, state: 'HALTED', reason });
    for (let k = 0; k < this.#instruments.size; k++) {
      this.broker.cancelAll(k, 'trading is halted');
      this.#contexts[k]!.close();
    }
  }
}

/** The price the gate values an order at: its own where it has one, else the last close. */
function referencePrice({ limitPrice, stopPrice }: OrderTerms, last: number): number {
  if (!Number.isNaN(limitPrice)) return limitPrice;
  return Number.isNaN(stopPrice) ? last : stopPrice;
}
