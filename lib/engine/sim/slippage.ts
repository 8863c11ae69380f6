import { z } from 'zod';

/**
 * How a taker's own size and the spread move his price, on top of the fixed basis points of the cost model. The share
 * of volume is his quantity over the volume of the bar he fills in, at most 1.
 *
 * - `none`: nothing.
 * - `half-spread`: half the quoted spread.
 * - `square-root`: coefficient · volatility · √share. Volatility and volume are those of one bar; a day of n bars has
 *   √n times the one and n times the other, so that the impact is the same as from daily numbers. A coefficient near 1
 *   is what studies of many markets find. Source: Tóth et al. (2011), Physical Review X 1, 021006.
 * - `volume-share`: coefficient · share². Source: zipline's VolumeShareSlippage, which takes 0.1 and lets a bar fill at
 *   most 0.025 of its volume; that limit is the participation of an order, not part of this.
 */
export const slippageImpactSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('half-spread') }),
  z.strictObject({ kind: z.literal('square-root'), coefficient: z.number().gt(0).max(100) }),
  z.strictObject({ kind: z.literal('volume-share'), coefficient: z.number().gt(0).max(100) }),
]);

export type SlippageImpact = Readonly<z.output<typeof slippageImpactSchema>>;

/** The largest part of a price that a fill can lose to slippage: a sale never goes below half the price. */
const WORST = 0.5;

/**
 * Weight of the newest bar in the running variance: a half-life of some 35 bars.
 */
const DECAY = 0.02;

const VARIANCE = 0;
const SPREAD = 1;

/**
 * What slippage must know about an instrument: the volatility of its bars so far and its quoted spread.
 *
 * The variance of a bar is Parkinson's, (ln(high/low))² / (4 ln 2), as an exponential average that starts at the first
 * bar, so that there is a value as soon as an order can fill. Source: Parkinson (1980), Journal of Business 53, 61–65.
 */
export class SlippageState {
  readonly #now = new Float64Array(2).fill(Number.NaN);

  /** A bar that closed, after the fills in it. */
  onBar(high: number, low: number): void {
    const range = Math.log(high / low);
    const variance = (range * range) / (4 * Math.LN2);
    const before = this.#now[VARIANCE]!;
    this.#now[VARIANCE] = Number.isNaN(before) ? variance : before + DECAY * (variance - before);
  }

  /** Ask less bid, > 0. */
  onQuote(bid: number, ask: number): void {
    this.#now[SPREAD] = ask - bid;
  }

  /** Standard deviation of a bar's return, as a fraction; NaN before the first bar. */
  get volatility(): number {
    return Math.sqrt(this.#now[VARIANCE]!);
  }

  /** In price units; NaN before the first quote. */
  get spread(): number {
    return this.#now[SPREAD]!;
  }
}

/**
 * The price at which a taker fills.
 *
 * @param bps    fixed slippage, in hundredths of a percent of the price
 * @param side   1 pays more, -1 receives less
 * @param qty    units filled, > 0
 * @param price  what a small order would have had, > 0
 * @param volume units traded in the bar of the fill; 0 counts as a share of 1
 * @returns NaN when the model needs a spread or a volatility that is not known yet
 */
export function slippedPrice(
  bps: number,
  impact: SlippageImpact,
  side: 1 | -1,
  qty: number,
  price: number,
  volume: number,
  state: SlippageState,
): number {
  let loss = bps / 10_000;
  if (impact.kind === 'half-spread') loss += state.spread / 2 / price;
  else if (impact.kind === 'square-root') {
    loss += impact.coefficient * state.volatility * Math.sqrt(shareOf(qty, volume));
  } else if (impact.kind === 'volume-share') {
    const share = shareOf(qty, volume);
    loss += impact.coefficient * share * share;
  }
  return price * (1 + side * Math.min(loss, WORST));
}

function shareOf(qty: number, volume: number): number {
  return qty < volume ? qty / volume : 1;
}
