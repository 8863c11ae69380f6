import { LabError } from '../core/errors.ts';

/** A share of equity, fees included, turned into units at the price of the fill. */
export class EquityShare {
  readonly fraction: number;

  constructor(fraction: number) {
    if (!(fraction > 0 && fraction < Number.POSITIVE_INFINITY)) {
      throw new LabError('params', `fraction of equity is ${fraction}; expected a number above 0`);
    }
    this.fraction = fraction;
  }
}

/** How much to trade: units, or a share of equity. */
export type Size = number | EquityShare;

/** Ways to say how much. */
export class Sizing {
  private last = new EquityShare(1);

  /** A share of equity in (0, leverage]: 0.95 spends 95 % of it, fees included. */
  fraction(fraction: number): EquityShare {
    // Strategies ask for the same share again and again.
    if (this.last.fraction !== fraction) this.last = new EquityShare(fraction);
    return this.last;
  }
}
