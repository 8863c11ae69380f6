import type { TradingLatch, TradingState } from '../risk/trading-state.ts';
import type { Portfolio } from '../trading/portfolio.ts';

/** What of an order decides whether it outlives a state. */
interface Standing {
  readonly reduceOnly: boolean;
  /** NaN for none. */
  readonly stopPrice: number;
}

/** Whoever can cancel and close: the engine on bars, our side of an order book. */
export interface WindDownDesk<O extends Standing> {
  /** Over all instruments. */
  readonly openOrders: number;
  cancelOrders(reason: string, stays: (order: O) => boolean): void;
  /** Closes everything held at the market, reduce-only. @returns the orders that do */
  closePositions(): readonly O[];
  note(state: TradingState, reason: string): void;
}

/**
 * Does what entering a trading state asks for, on bars and on books alike: cancels the orders that must not outlive it,
 * and when flattening closes every position and goes on until nothing is held and nothing is open; then the account is
 * FLAT, and a person re-arms it.
 *
 * The orders that close belong to the account: a strategy cannot cancel them.
 */
export class WindDown<O extends Standing> {
  readonly #latch: TradingLatch;
  readonly #portfolio: Portfolio;
  readonly #desk: WindDownDesk<O>;
  #closing: readonly O[] = [];
  #placing = false;

  constructor(latch: TradingLatch, portfolio: Portfolio, desk: WindDownDesk<O>) {
    this.#latch = latch;
    this.#portfolio = portfolio;
    this.#desk = desk;
  }

  /** The latch has moved. */
  enter(): void {
    const { state, reason } = this.#latch;
    this.#desk.note(state, reason);
    this.#desk.cancelOrders(`trading is ${state}`, stays[state]);
    if (this.#latch.state !== 'FLATTENING') return;
    this.#close();
    this.settle();
  }

  /** Something filled or ended: whoever flattens may be done. */
  settle(): void {
    if (this.#latch.state !== 'FLATTENING') return;
    if (this.#portfolio.held.length > 0 || this.#desk.openOrders > 0) return;
    this.#latch.flattened();
    this.#desk.note('FLAT', 'every position is closed');
  }

  /** Time has passed: what the venue would not close is tried again. */
  retry(): void {
    if (this.#latch.state !== 'FLATTENING' || this.#desk.openOrders > 0) return;
    this.#close();
  }

  /** Whether the order is one of those that close, of which the strategy may hear before they all are known here. */
  keeps(order: O): boolean {
    return this.#placing || this.#closing.includes(order);
  }

  #close(): void {
    this.#placing = true;
    this.#closing = this.#desk.closePositions();
    this.#placing = false;
  }
}

/** Which resting orders outlive the entering of a state: those that only reduce, those that protect, none. */
const stays: Readonly<Record<TradingState, (order: Standing) => boolean>> = {
  ACTIVE: () => true,
  REDUCING: (order) => order.reduceOnly,
  HALTED: (order) => order.reduceOnly && !Number.isNaN(order.stopPrice),
  FLATTENING: () => false,
  FLAT: () => false,
};
