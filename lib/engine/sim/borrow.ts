import type { Millis } from '../../core/time.ts';
import type { Sessions } from '../../market/sessions/sessions.ts';

/** Days of a year by the custom of stock lending in the United States: the fee of a year is 365/360 of its rate. */
export const BORROW_YEAR_DAYS = 360;

/**
 * What a short pays to hold borrowed shares for some nights, in quote currency, ≥ 0; nothing for a long. Charged at the
 * close of each session for the nights until the next, from the day of the sale on: the days by which settlement puts
 * it off at the start come back at the end.
 *
 * @param qty        signed units held over the close
 * @param price      of that close
 * @param annualRate as a fraction a year, such as 0.003 for shares that are easy to borrow
 * @param nights     such as `sessions.nightsAfter(session)`, 3 over a weekend
 */
export function borrowFee(
  qty: number,
  price: number,
  annualRate: number,
  nights: number,
  yearDays = BORROW_YEAR_DAYS,
): number {
  return qty < 0 ? (-qty * price * annualRate * nights) / yearDays : 0;
}

/** Walks the closes of a market's sessions as time goes on. */
export class BorrowCursor {
  readonly #sessions: Sessions;
  readonly #annualRate: number;
  #session = -1;

  /** @param annualRate as a fraction a year */
  constructor(sessions: Sessions, annualRate: number) {
    this.#sessions = sessions;
    this.#annualRate = annualRate;
  }

  /** The first time says which session comes first; later ones say nothing. */
  start(ts: Millis): void {
    if (this.#session < 0) this.#session = this.#sessions.next(ts);
  }

  /** The close at which shorts pay next; NaN after the last. */
  get nextTs(): Millis {
    return this.#sessions.close[this.#session] ?? Number.NaN;
  }

  /** The fee of the session that closes next, which is then over. @returns ≥ 0 */
  take(qty: number, price: number): number {
    const nights = this.#sessions.nightsAfter(this.#session++);
    return borrowFee(qty, price, this.#annualRate, nights);
  }
}
