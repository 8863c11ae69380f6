import type { Instrument } from '../market/instrument.ts';
import { fixedNotional, kellyFraction, riskSize, volTargetSize } from '../risk/sizing.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import { EquityShare, type Size } from '../trading/size.ts';

/**
 * Ways to say how much. Units are found at the last close and rounded down to the lot; where a number is not known yet
 * they are 0, which the risk gate denies.
 */
export class Sizing {
  private readonly portfolio: Portfolio;
  private readonly index: number;
  private readonly lot: number;
  private last = new EquityShare(1);

  constructor(portfolio: Portfolio, index: number, { lotSize }: Instrument) {
    this.portfolio = portfolio;
    this.index = index;
    this.lot = lotSize;
  }

  /** A share of equity in (0, leverage]: 0.95 spends 95 % of it, fees included. */
  fraction(fraction: number): EquityShare {
    // Strategies ask for the same share again and again.
    if (this.last.fraction !== fraction) this.last = new EquityShare(fraction);
    return this.last;
  }

  /** Units worth `value`, in the currency of the account. */
  notional(value: number): number {
    return fixedNotional(value, { price: this.price * this.rate, lot: this.lot });
  }

  /**
   * Units that lose `risk`, a share of equity in (0, 1), when the stop fills at its price.
   *
   * @param cap most that the position may be worth, as a multiple of equity
   */
  risk(risk: number, stop: number, cap = 1): number {
    // Entry and stop are in quote currency, and so must be what may be lost.
    const equity = this.portfolio.equity() / this.rate;
    return riskSize({ equity, risk, entry: this.price, stop, lot: this.lot, cap });
  }

  /** Units whose value moves as `targetVol` of equity does, where the instrument moves by `vol`; both over one time. */
  volTarget(targetVol: number, vol: number, cap = 1): number {
    const { price, lot } = this;
    const equity = this.portfolio.equity() / this.rate;
    return volTargetSize({ equity, targetVol, vol, price, lot, cap });
  }

  /** The share of equity that grows fastest for an edge, at most `cap`; nothing without an edge. */
  kelly(winRate: number, payoff: number, cap: number): Size {
    const fraction = kellyFraction(winRate, payoff, cap);
    return fraction > 0 ? this.fraction(fraction) : 0;
  }

  private get rate(): number {
    return this.portfolio.rate(this.index);
  }

  private get price(): number {
    return this.portfolio.lastPrice[this.index]!;
  }
}
