import { LabError } from '../core/errors.ts';
import { roundDown } from '../core/round.ts';
import type { Millis } from '../core/time.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import type { Context } from './context.ts';

/** What a portfolio strategy may know of its account and do with it. */
export class PortfolioContext {
  readonly #instruments: InstrumentIndex;
  readonly #portfolio: Portfolio;
  readonly #contexts: readonly Context[];
  /** Signed units to trade, by instrument. */
  readonly #wanted: Float64Array;

  constructor(instruments: InstrumentIndex, portfolio: Portfolio, contexts: readonly Context[]) {
    this.#instruments = instruments;
    this.#portfolio = portfolio;
    this.#contexts = contexts;
    this.#wanted = new Float64Array(instruments.size);
  }

  /** The moment of the slice. */
  get now(): Millis {
    return this.#contexts[0]!.now;
  }
  get cash(): number {
    return this.#portfolio.cash;
  }
  get equity(): number {
    return this.#portfolio.equity();
  }

  /** The account as one symbol sees it: its position, and its orders. @throws LabError `data` for an unknown symbol */
  of(symbol: string): Context {
    return this.#contexts[this.#instruments.indexOf(symbol)]!;
  }

  /** Symbols with a position, in the order of the run. */
  get held(): string[] {
    return this.#contexts.flatMap((ctx, k) => (ctx.flat ? [] : [this.#instruments.at(k).symbol]));
  }

  /**
   * Moves the account towards these weights with market orders, of which each passes the gate: what is open is canceled,
   * only the differences are ordered, and what reduces a position goes before what grows one. A symbol that is not named
   * is sold. Differences below a lot or the least order value are left.
   *
   * @param weights signed shares of equity by symbol, at the last closes; leave some cash for costs and for the way
   * from the close to the fill, or the last orders find no buying power
   * @throws LabError `params` for a weight that is no number, `data` for an unknown symbol
   */
  rebalance(weights: ReadonlyMap<string, number>): void {
    const wanted = this.#wanted.fill(0);
    for (const [symbol, weight] of weights) {
      if (!Number.isFinite(weight)) {
        throw new LabError('params', `the weight of ${symbol} is ${weight}; expected a number`);
      }
      wanted[this.#instruments.indexOf(symbol)] = weight;
    }
    for (const ctx of this.#contexts) if (ctx.openOrders > 0) ctx.cancelAll();
    this.#differences(wanted);
    this.#order(wanted, true);
    this.#order(wanted, false);
  }

  /** Turns weights into units to trade. */
  #differences(wanted: Float64Array): void {
    const { qty, lastPrice } = this.#portfolio;
    const equity = this.#portfolio.equity();
    for (let k = 0; k < wanted.length; k++) {
      const weight = wanted[k]!;
      if (weight === 0) {
        wanted[k] = -qty[k]!;
        continue;
      }
      const { lotSize, minNotional } = this.#instruments.at(k);
      const price = lastPrice[k]!;
      const units = roundDown(
        (Math.abs(weight) * equity) / (price * this.#portfolio.rate(k)),
        lotSize,
      );
      const difference = Math.sign(weight) * units - qty[k]!;
      const size = roundDown(Math.abs(difference), lotSize);
      wanted[k] = size > 0 && size * price >= minNotional ? Math.sign(difference) * size : 0;
    }
  }

  #order(wanted: Float64Array, reducing: boolean): void {
    const { qty } = this.#portfolio;
    for (let k = 0; k < wanted.length; k++) {
      const units = wanted[k]!;
      if (units === 0 || units * qty[k]! < 0 !== reducing) continue;
      const ctx = this.#contexts[k]!;
      if (units === -qty[k]!) ctx.close();
      else if (units > 0) ctx.buy(units);
      else ctx.sell(-units);
    }
  }
}
