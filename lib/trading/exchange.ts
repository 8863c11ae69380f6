import { LabError } from '../core/errors.ts';
import { DAY, isoTime, type Millis } from '../core/time.ts';
import { CurrencyConverter, type ExchangeRates } from '../market/currency.ts';
import type { InstrumentIndex } from '../market/instrument.ts';

/** A rate is not used when it is older: over a weekend and its holidays, and no stream that has ended. */
export const RATE_AGE: Millis = 7 * DAY;

/** How an account comes by other currencies. */
export interface ExchangeTerms {
  /** The currency of cash, equity, limits and results. */
  readonly currency: string;
  readonly rates: readonly ExchangeRates[];
  /** By how much worse than the rate its money is exchanged, in basis points. */
  readonly conversionBps: number;
}

/**
 * The money changer of an account whose instruments are quoted in other currencies than its own.
 *
 * The money of a fill, its fee, a dividend or a borrow fee is exchanged when it falls due, at the last rate that was
 * known then, worse by `conversionBps`. So cash is of one currency, and what is held is worth quantity · price · last
 * rate: a position carries the risk of its currency, as it does for an investor who exchanges what he pays and owes what
 * he sold short. Nothing is hedged, and no balance of another currency is kept or bears interest.
 *
 * With two currencies equity is cash + Σ qty · price · rate, and cash is what it started with − Σ (signed value of a
 * fill + its fee) · the rate of the fill + Σ flows.
 */
export class Exchange {
  readonly currency: string;
  /** Account currency for one of quote currency, by instrument, as of the last `at`; NaN before it is known. */
  readonly rates: Float64Array;
  /** The rate at which the money of each fill was exchanged, in the order of the fills. */
  readonly fillRates: number[] = [];
  readonly #converter: CurrencyConverter;
  readonly #instruments: InstrumentIndex;
  readonly #quotes: readonly string[];
  readonly #currencyOf: Int32Array;
  readonly #spread: number;
  #now: Millis = Number.NEGATIVE_INFINITY;

  /** @throws LabError `data` when no rates lead from a quote currency to that of the account */
  constructor({ currency, rates, conversionBps }: ExchangeTerms, instruments: InstrumentIndex) {
    const quotes = Array.from({ length: instruments.size }, (_, k) => instruments.at(k).quote);
    this.currency = currency;
    this.#instruments = instruments;
    this.#quotes = [...new Set(quotes)];
    this.#converter = new CurrencyConverter(currency, this.#quotes, rates);
    this.#currencyOf = Int32Array.from(quotes, (quote) => this.#converter.indexOf(quote));
    this.#spread = conversionBps / 10_000;
    this.rates = new Float64Array(instruments.size);
    this.at(Number.NEGATIVE_INFINITY);
  }

  /** Values everything as of a moment. Inside a bar it goes back to each fill, and then on to the close. */
  at(ts: Millis): void {
    this.#now = ts;
    const { rates } = this.#converter;
    this.#converter.at(ts);
    for (let k = 0; k < this.rates.length; k++) this.rates[k] = rates[this.#currencyOf[k]!]!;
  }

  /** The rate of an instrument's money now. @throws LabError `data` when none is known, or it is too old */
  known(k: number): number {
    const since = this.#converter.since[this.#currencyOf[k]!]!;
    if (this.#now - since <= RATE_AGE || since === Number.POSITIVE_INFINITY) return this.rates[k]!;
    return this.#refuse(k, since);
  }

  /** The rate at which an amount of quote currency is exchanged at `ts`; negative amounts have to be bought. */
  rateOf(k: number, ts: Millis, amount: number): number {
    if (ts !== this.#now) this.at(ts);
    const rate = this.known(k);
    if (this.#quotes[this.#currencyOf[k]!] === this.currency) return rate;
    return rate * (amount < 0 ? 1 + this.#spread : 1 - this.#spread);
  }

  #refuse(k: number, since: Millis): never {
    const { symbol, quote } = this.#instruments.at(k);
    const found = Number.isNaN(since)
      ? 'no rate is known'
      : `the last rate is of ${isoTime(since)}, more than ${RATE_AGE / DAY} days before`;
    throw new LabError(
      'data',
      `${symbol} is quoted in ${quote} and the account is kept in ${this.currency}; at ${isoTime(this.#now)} ${found}; give rates of that time, or trade the time that has them`,
    );
  }
}
