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

/** Types are not checked when a strategy runs. */
export function refuseSize(size: never): never {
  throw new LabError(
    'params',
    `an order’s size is ${JSON.stringify(size)}; expected units, or a share of equity such as ctx.size.fraction(0.5)`,
  );
}
