import { assert } from '../core/assert.ts';
import type { Exchange } from './exchange.ts';
import type { Fill } from './fill.ts';
import type { CashEntry, CashKind } from './ledger.ts';

/** A quantity below this share of the fill that left it is rounding, not a position: 20,000 fills sum up to 1e-11 of one. */
const DUST = 1e-9;

/**
 * Cash and positions of one account. Equity is cash + Σ qty · mark, at every moment and to the last bit, so that an
 * outsider can rebuild it from the fills and the closes. Cash is what it started with − Σ signed value of fills − fees
 * + Σ flows. Where instruments are quoted in other currencies, `Exchange` says what all of it is in the account's.
 */
export class Portfolio {
  cash: number;
  /** Fees paid so far, in the currency of the account. */
  fees = 0;
  /** Cash that positions brought and cost beside fills so far; below 0 where the account paid. */
  readonly flows: Record<CashKind, number> = {
    funding: 0,
    dividend: 0,
    borrow: 0,
    'split-cash': 0,
    'liquidation-fee': 0,
  };
  /** Positions that were closed or turned: the number of trades so far. */
  roundTrips = 0;
  /** Signed units held, by instrument. */
  readonly qty: Float64Array;
  /** Average entry price of the open position, by instrument; NaN when flat. */
  readonly entryPrice: Float64Array;
  /** Last close seen, by instrument; NaN before the first. */
  readonly lastPrice: Float64Array;
  /** The instruments with a position, ascending: sums go over these, in the order in which an outsider would. */
  get held(): readonly number[] {
    return this.#held;
  }
  readonly #held: number[] = [];
  /** Null where everything is of one currency. */
  readonly exchange: Exchange | null;

  constructor(cash: number, instruments: number, exchange: Exchange | null = null) {
    assert(cash > 0 && Number.isFinite(cash), `starting cash must be above 0, got ${cash}`);
    this.cash = cash;
    this.exchange = exchange;
    this.qty = new Float64Array(instruments);
    this.entryPrice = new Float64Array(instruments).fill(Number.NaN);
    this.lastPrice = new Float64Array(instruments).fill(Number.NaN);
  }

  apply(fill: Fill): void {
    const k = fill.instrument;
    const before = this.qty[k]!;
    const signed = fill.side * fill.qty;
    const after = Math.abs(before + signed) <= DUST * fill.qty ? 0 : before + signed;
    if (after === 0) this.entryPrice[k] = Number.NaN;
    else if (before === 0 || before * after < 0) this.entryPrice[k] = fill.price;
    else if (before * signed > 0) {
      this.entryPrice[k] = (this.entryPrice[k]! * before + fill.price * signed) / after;
    }
    if (before !== 0 && before * after <= 0) this.roundTrips++;
    this.#set(k, after);
    const paid = signed * fill.price + fill.fee;
    if (this.exchange === null) {
      this.cash -= paid;
      this.fees += fill.fee;
    } else {
      const rate = this.exchange.rateOf(k, fill.ts, -paid);
      this.exchange.fillRates.push(rate);
      this.cash -= paid * rate;
      this.fees += fill.fee * rate;
    }
    this.lastPrice[k] = fill.price;
  }

  /** Cash beside fills: of an instrument, in its quote currency, below 0 when it is paid. */
  book({ what, amount, instrument, ts }: CashEntry): void {
    const { exchange } = this;
    const rate = exchange === null ? 1 : exchange.rateOf(instrument, ts, amount);
    this.cash += amount * rate;
    this.flows[what] += amount * rate;
  }

  /** Account currency for one of the quote currency of instrument `k`, as of now. @throws LabError `data` for none */
  rate(k: number): number {
    return this.exchange === null ? 1 : this.exchange.known(k);
  }

  /** New units for old ones. @param qty signed units after it, which a rounding down to lots may have made fewer */
  split(k: number, ratio: number, qty: number): void {
    if (qty !== 0) this.entryPrice[k] = this.entryPrice[k]! / ratio;
    else if (this.qty[k] !== 0) {
      this.entryPrice[k] = Number.NaN;
      this.roundTrips++;
    }
    this.#set(k, qty);
    this.lastPrice[k] = this.lastPrice[k]! / ratio;
  }

  #set(k: number, qty: number): void {
    const before = this.qty[k]!;
    this.qty[k] = qty;
    if ((before === 0) === (qty === 0)) return;
    // Kept ascending by shifting: with a few instruments that is less work than any call.
    const held = this.#held;
    const last = held.length - 1;
    if (before === 0) {
      let at = held.push(k) - 1;
      for (; at > 0 && held[at - 1]! > k; at--) {
        held[at] = held[at - 1]!;
        held[at - 1] = k;
      }
    } else {
      let at = 0;
      while (held[at] !== k) at++;
      for (; at < last; at++) held[at] = held[at + 1]!;
      held.pop();
    }
  }

  /** Equity with every open position at its last price. */
  equity(): number {
    if (this.exchange !== null) return this.#exchanged(this.exchange.rates, -1);
    const held = this.#held;
    let equity = this.cash;
    for (let i = 0; i < held.length; i++) {
      const k = held[i]!;
      equity += this.qty[k]! * this.lastPrice[k]!;
    }
    return equity;
  }

  /** Cash and every position but that of instrument `k`: equity is this + qty · price. */
  equityWithout(k: number): number {
    if (this.exchange !== null) return this.#exchanged(this.exchange.rates, k);
    const held = this.#held;
    let equity = this.cash;
    for (let i = 0; i < held.length; i++) {
      const other = held[i]!;
      if (other !== k) equity += this.qty[other]! * this.lastPrice[other]!;
    }
    return equity;
  }

  /** Σ |qty · price| of every position but that of instrument `k`, in the currency of the account. */
  exposureWithout(k: number): number {
    const held = this.#held;
    const { exchange } = this;
    let gross = 0;
    for (let i = 0; i < held.length; i++) {
      const other = held[i]!;
      if (other === k) continue;
      const value = Math.abs(this.qty[other]! * this.lastPrice[other]!);
      gross += exchange === null ? value : value * exchange.rates[other]!;
    }
    return gross;
  }

  #exchanged(rates: Float64Array, without: number): number {
    const held = this.#held;
    let equity = this.cash;
    for (let i = 0; i < held.length; i++) {
      const k = held[i]!;
      if (k !== without) equity += this.qty[k]! * this.lastPrice[k]! * rates[k]!;
    }
    return equity;
  }
}
