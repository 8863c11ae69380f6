import type { Bar, BarColumns } from '../market/bar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import type { Fill } from './fill.ts';
import type { CashEntry, SplitEntry } from './ledger.ts';
import type { Order, Side } from './order.ts';
import type { OrderTerms } from './order-terms.ts';
import type { Portfolio } from './portfolio.ts';

/** Where a broker's reports go. The engine is the sink, in simulation and live alike. */
export interface BrokerSink {
  onFill(fill: Fill, order: Order): void;
  /** A bracket exit that came alive with its entry's fill. */
  onChild(order: Order): void;
  /** The venue has an order in its book. */
  onAccepted(order: Order): void;
  /** The venue changed an order by itself, as a split does. */
  onModified(order: Order): void;
  /** Cash came or went without a fill. */
  onCash(entry: CashEntry): void;
  onSplit(entry: SplitEntry): void;
  /** An order ended without (further) fills. */
  onEnd(order: Order, status: 'canceled' | 'rejected', reason: string): void;
}

/** What an engine lends its broker. */
export interface BrokerDesk {
  readonly instruments: InstrumentIndex;
  /** The account that fills change; a broker only reads it. */
  readonly account: Portfolio;
  readonly sink: BrokerSink;
  nextOrderId(): number;
}

/** The own orders that may still fill, as the risk gate asks of them. */
export interface OpenOrders {
  /** Over all instruments. */
  readonly openOrders: number;
  /** Units of open orders on this side that may grow the position. */
  openQty(instrument: number, side: Side): number;
  /** Units of open orders on this side that a strategy placed to reduce, the exits of brackets not counted. */
  closingQty(instrument: number, side: Side): number;
  /** The own limit on this side that the market would meet first: highest bid, lowest ask; NaN when none rests. */
  bestLimit(instrument: number, side: Side): number;
}

/**
 * Takes approved orders and reports what became of them. `SimBroker` fills them from bars; a venue broker queues them
 * and talks to the network in `sync`, between chunks, never inside the loop.
 */
export interface Broker extends OpenOrders {
  /** While it is 0 the engine skips onBar up to the next event. */
  readonly openOrders: number;
  /** Moves on whenever somebody submits, changes or cancels an order. */
  readonly changes: number;
  openOrdersOf(instrument: number): number;
  submit(order: Order): void;
  cancel(order: Order, reason: string): void;
  /** Other terms and another size for an open order, from the next event on; it loses its place in the queue. */
  modify(order: Order, qty: number, terms: OrderTerms): void;
  /** @param stays which orders are left alone; none by default */
  cancelAll(
    instrument: number,
    reason: string,
    stays?: ((order: Order) => boolean) | undefined,
  ): void;
  /**
   * The first of rows [from, to) whose bar it wants although no order is open, because something other than a fill
   * happens to the account in it, or because it watches; `to` or more when there is none.
   */
  nextEvent(instrument: number, columns: BarColumns, from: number, to: number): number;
  /** The first of rows [from, to) whose bar may move one of the open orders; `from` is always a good answer. */
  restUntil(instrument: number, columns: BarColumns, from: number, to: number): number;
  /** Orders from earlier events may fill inside this bar. */
  onBar(instrument: number, bar: Bar): void;
  sync(): Promise<void>;
}
