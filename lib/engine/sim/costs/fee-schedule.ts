import { DAY, type Millis } from '../../../core/time.ts';
import type { CostModel, FeeRates } from './cost-model.ts';

/** Days whose volume decides the tier, and the day under way. */
const TIER_DAYS = 30;
const SLOTS = TIER_DAYS + 1;

/** Days before 1970 are negative. */
function slotOf(day: number): number {
  return ((day % SLOTS) + SLOTS) % SLOTS;
}

/**
 * The fees of one account as time goes on: which volume tier it has reached, and which sales fees were in force.
 *
 * The tier of a UTC day follows from the notional traded on the 30 UTC days before it. What is traded today counts from
 * the next midnight on, since venues compute volume once a day; so a fill never changes its own fee. Venues that count
 * a few hours after midnight are a little slower than this.
 *
 * A fill costs one comparison, and one addition where there are tiers; a new day costs 30 additions.
 */
export class FeeSchedule {
  readonly #model: CostModel;
  readonly #rates: { -readonly [K in keyof FeeRates]: FeeRates[K] };
  /** Notional by UTC day modulo 31: the sum is taken anew each day, so that it carries no rounding along. */
  readonly #volume: Float64Array;
  #day = Number.NEGATIVE_INFINITY;
  /** Where the volume of `#day` is counted. */
  #slot = 0;
  readonly #tiered: boolean;
  /** The rates hold before this moment. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(model: CostModel) {
    this.#model = model;
    this.#tiered = model.tiers.length > 0;
    this.#volume = new Float64Array(this.#tiered ? SLOTS : 0);
    const { makerRate, takerRate, minFee, sellRate, sellPerUnit, sellPerUnitCap } = model;
    this.#rates = { makerRate, takerRate, minFee, sellRate, sellPerUnit, sellPerUnitCap };
  }

  /** What a fill pays at `ts`, for `feeOf`. The same object each time. `ts` must not go back over a midnight. */
  at(ts: Millis): FeeRates {
    if (!(ts < this.#until)) this.#advance(ts);
    return this.#rates;
  }

  /** Counts a fill towards the tiers. @param notional ≥ 0, in the currency of the account */
  traded(ts: Millis, notional: number): void {
    if (!this.#tiered) return;
    if (!(ts < this.#until)) this.#advance(ts);
    this.#volume[this.#slot]! += notional;
  }

  /** Notional of the 30 UTC days before the day of the last call, in the currency of the account; 0 where there are no tiers. */
  get rollingVolume(): number {
    let total = 0;
    for (let i = 0; i < this.#volume.length; i++) if (i !== this.#slot) total += this.#volume[i]!;
    return total;
  }

  #advance(ts: Millis): void {
    this.#until = Number.POSITIVE_INFINITY;
    this.#chooseSellFees(ts);
    if (this.#tiered) this.#chooseTier(Math.floor(ts / DAY));
  }

  #chooseSellFees(ts: Millis): void {
    const row = this.#model.earlier.find(({ untilTs }) => ts < untilTs);
    const fees = row ?? this.#model;
    this.#rates.sellRate = fees.sellRate;
    this.#rates.sellPerUnit = fees.sellPerUnit;
    this.#rates.sellPerUnitCap = fees.sellPerUnitCap;
    if (row) this.#until = row.untilTs;
  }

  #chooseTier(day: number): void {
    // The slots of the days that passed, today's too, hold days that are out of the window.
    const passed = Math.min(SLOTS, day - this.#day);
    for (let i = 0; i < passed; i++) this.#volume[slotOf(day - i)] = 0;
    this.#day = day;
    this.#slot = slotOf(day);
    const volume = this.rollingVolume;
    const tier = this.#model.tiers.findLast(({ minVolume }) => volume >= minVolume) ?? this.#model;
    this.#rates.makerRate = tier.makerRate;
    this.#rates.takerRate = tier.takerRate;
    this.#until = Math.min(this.#until, (day + 1) * DAY);
  }
}
