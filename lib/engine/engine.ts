import { assert } from '../core/assert.ts';
import { LabError } from '../core/errors.ts';
import { roundDown } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import type { BarChunk } from '../market/bar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import type { NewsColumns } from '../market/news.ts';
import type { SliceChunk } from '../market/slice.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { TradingState } from '../risk/trading-state.ts';
import type { RiskDenial, RiskVerdict } from '../risk/verdict.ts';
import type { Broker, BrokerDesk, BrokerSink } from '../trading/broker.ts';
import type { Exchange } from '../trading/exchange.ts';
import type { Fill } from '../trading/fill.ts';
import { type CashEntry, type Ledger, modifiedEntry, type SplitEntry } from '../trading/ledger.ts';
import type { Order } from '../trading/order.ts';
import type { OrderTerms } from '../trading/order-terms.ts';
import { Portfolio } from '../trading/portfolio.ts';
import { BarPath } from './bar-path.ts';
import { type Cast, castOf, type StrategyFactory } from './cast.ts';
import { Context, type OrderDesk } from './context.ts';
import type { DeclaredIndicators } from './declared-indicators.ts';
import { Moments } from './moments.ts';
import type { Passage } from './passage.ts';
import { type CurveDetail, Recorder } from './recorder.ts';
import { RiskDesk } from './risk-desk.ts';
import type { Strategy } from './strategy.ts';
import { WindDown, type WindDownDesk } from './wind-down.ts';

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
  /** What strategies with an `onNews` hear, ascending in availableTs. */
  readonly news?: NewsColumns | undefined;
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
  readonly #instruments: InstrumentIndex;
  readonly #strategies: readonly Strategy[];
  /** Whether any strategy wants to hear of its orders. */
  readonly #hearing: boolean;
  readonly #contexts: readonly Context[];
  readonly #ledger: Ledger | null;
  #lastOrderId = 0;
  readonly #path: BarPath | Moments;
  readonly #clock: { readonly closeTs: Millis };
  readonly #windDown: WindDown<Order>;
  readonly #keeps = (order: Order) => this.#windDown.keeps(order);

  constructor(indicators: DeclaredIndicators, factory: StrategyFactory, options: EngineOptions) {
    const { instruments } = indicators;
    this.#instruments = instruments;
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
    this.#windDown = new WindDown(this.risk.latch, portfolio, this.#windDownDesk());

    const cast = castOf(indicators, factory);
    const { strategies } = cast;
    this.#strategies = strategies;
    this.#hearing = strategies.some(({ onOrder }) => onOrder !== undefined);
    this.#contexts = strategies.map(
      (_, k) => new Context(this, this.portfolio, k, instruments.at(k)),
    );
    const news = heardNews(cast, options.news);
    const passage: Passage = {
      indicators,
      cast,
      contexts: this.#contexts,
      portfolio: this.portfolio,
      recorder: this.recorder,
      broker: this.broker,
      risk: this.risk,
      startTs: options.startTs,
      news,
      enter: () => this.#enter(),
    };
    // One instrument with a strategy of its own, in the currency of the account, and nothing beside bars.
    const alone =
      instruments.size === 1 &&
      cast.portfolio === null &&
      this.portfolio.exchange === null &&
      news === null;
    this.#path = alone ? new BarPath(passage) : new Moments(passage);
    this.#clock = this.#path.clock;
  }

  /** The path of the bars of a chunk. */
  drain(chunk: BarChunk): void {
    this.#path.drain(chunk);
  }

  /** The same for the bars of many instruments, moment by moment. */
  drainSlice(slice: SliceChunk): void {
    assert(this.#path instanceof Moments, 'slices are for runs of several instruments');
    this.#path.drainSlice(slice);
  }

  /** Nothing more will close at the moment under way; after the last chunk of several instruments. */
  settle(): void {
    if (this.#path instanceof Moments) this.#path.settle();
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
    return this.#clock.closeTs;
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
    this.#ledger?.order(order);
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
    if (!this.#windDown.keeps(order)) this.broker.cancel(order, 'canceled by the strategy');
  }

  cancelAll(instrument: number): void {
    this.broker.cancelAll(instrument, 'canceled by the strategy', this.#keeps);
  }

  openOrders(instrument: number): number {
    return this.broker.openOrdersOf(instrument);
  }

  onFill(fill: Fill, order: Order): void {
    const { portfolio } = this;
    const { roundTrips } = portfolio;
    portfolio.apply(fill);
    this.recorder.fill(fill, portfolio.rate(fill.instrument));
    this.#ledger?.fill(fill, order);
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
    this.#ledger?.order(order);
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
    this.#windDown.settle();
    if (this.#hearing) this.#tell(order);
  }

  #tell(order: Order): void {
    const k = order.instrument;
    this.#strategies[k]!.onOrder?.(order, this.#contexts[k]!);
  }

  /** Does what the state that trading has just come to asks for. */
  #enter(): void {
    this.#windDown.enter();
  }

  #windDownDesk(): WindDownDesk<Order> {
    const { broker } = this;
    return {
      get openOrders() {
        return broker.openOrders;
      },
      cancelOrders: (reason, stays) => {
        for (let k = 0; k < this.#instruments.size; k++) broker.cancelAll(k, reason, stays);
      },
      closePositions: () =>
        [...this.portfolio.held].flatMap((k) => this.#contexts[k]!.close() ?? []),
      note: (state, reason) => this.#ledger?.append({ kind: 'state', ts: this.now, state, reason }),
    };
  }

  /** A position was closed or turned: trades are counted, and whoever flattens may be done. */
  #tradeEnded(order: Order, { instrument, ts }: Fill): void {
    const { risk } = this;
    if (order.type === 'stop' || order.role === 'stopLoss') risk.stopped(instrument, ts);
    if (risk.watches.onTrade(risk.pnl[instrument]!)) this.#enter();
    this.#windDown.settle();
  }
}

/** The price the gate values an order at: its own where it has one, else the last close. */
function referencePrice({ limitPrice, stopPrice }: OrderTerms, last: number): number {
  if (!Number.isNaN(limitPrice)) return limitPrice;
  return Number.isNaN(stopPrice) ? last : stopPrice;
}

/** The news of a run, where somebody hears it. @throws LabError `params` when somebody would and there is none */
function heardNews(
  { portfolio, strategies }: Cast,
  news: NewsColumns | undefined,
): NewsColumns | null {
  const listening = [portfolio, ...strategies].some((strategy) => strategy?.onNews !== undefined);
  if (!listening) return null;
  if (news !== undefined) return news;
  throw new LabError(
    'params',
    "the strategy hears news (onNews), and the run was given none; give news, such as store.read('news', { venue, symbol }), or --news VENUE to a command",
  );
}
