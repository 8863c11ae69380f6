import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import type { BarColumns } from './bar.ts';

/** What one unit of `base` cost in `quote` as time went on. */
export interface ExchangeRates {
  readonly base: string;
  readonly quote: string;
  /** When each rate was known, ascending, UTC epoch milliseconds. */
  readonly availableTs: Float64Array;
  readonly rate: Float64Array;
}

/** The closes of bars as exchange rates: each is known when its bar closes. */
export function ratesFromBars(base: string, quote: string, bars: BarColumns): ExchangeRates {
  return { base, quote, availableTs: bars.closeTs, rate: bars.close };
}

/**
 * @throws LabError `data` when the columns differ in length, the times do not rise, or a rate is not a number above 0
 */
export function checkRates({ base, quote, availableTs, rate }: ExchangeRates): void {
  const name = `rates of ${base}/${quote}`;
  if (availableTs.length !== rate.length || rate.length === 0) {
    throw new LabError(
      'data',
      `${name} have ${availableTs.length} times and ${rate.length} rates; give as many of each, at least one`,
    );
  }
  for (let i = 0; i < rate.length; i++) {
    if (i > 0 && !(availableTs[i]! > availableTs[i - 1]!)) {
      throw new LabError('data', `${name} do not ascend in time at row ${i}; sort them by it`);
    }
    if (rate[i]! > 0 && rate[i]! < Number.POSITIVE_INFINITY) continue;
    throw new LabError('data', `${name} are ${rate[i]} at row ${i}; expected a number above 0`);
  }
}

/** One step from a currency to the next: through a series, the other way round when `inverse`. */
interface Step {
  readonly series: number;
  readonly inverse: boolean;
}

/**
 * Values other currencies in the currency of an account, by the last rates known. Currencies are dense numbers, so that
 * a loop reads `rates[currency]`. Where no series joins a currency and the account's, the path through the fewest others
 * is taken. USD, USDT and USDC are different currencies.
 */
export class CurrencyConverter {
  /** Worth of one unit of each currency in the account's; NaN before all rates on its path are known. */
  readonly rates: Float64Array;
  readonly #currencies: readonly string[];
  readonly #series: readonly ExchangeRates[];
  readonly #paths: readonly (readonly Step[])[];
  /** The row of each series that is in force; -1 before the first. */
  readonly #row: Int32Array;
  /** When the oldest of the rates that value each currency was known: its age is what the value may be off by. */
  readonly since: Float64Array;

  /**
   * @param account    the currency of cash, fees and results
   * @param currencies those to convert, the account's among them or not
   * @throws LabError `data` when no series lead from a currency to the account's
   */
  constructor(account: string, currencies: readonly string[], series: readonly ExchangeRates[]) {
    this.#currencies = currencies;
    this.#series = series;
    this.#paths = currencies.map((currency) => shortestPath(currency, account, series));
    this.#row = new Int32Array(series.length).fill(-1);
    this.rates = new Float64Array(currencies.length).fill(Number.NaN);
    this.since = new Float64Array(currencies.length).fill(Number.NaN);
    this.#value();
  }

  /** @throws LabError `data` when the run has no such currency */
  indexOf(currency: string): number {
    const index = this.#currencies.indexOf(currency);
    if (index >= 0) return index;
    throw new LabError(
      'data',
      `currency ${currency} is not in this run; it has ${this.#currencies.join(', ')}`,
    );
  }

  /**
   * Takes over the rates that are known by `ts`, and no later ones. It may go back, as fills inside a bar do. A few
   * comparisons when none is new.
   */
  at(ts: Millis): void {
    let moved = false;
    for (let i = 0; i < this.#row.length; i++) {
      const { availableTs } = this.#series[i]!;
      let row = this.#row[i]!;
      while (row >= 0 && availableTs[row]! > ts) row--;
      while (availableTs[row + 1]! <= ts) row++;
      if (row === this.#row[i]!) continue;
      this.#row[i] = row;
      moved = true;
    }
    if (moved) this.#value();
  }

  #value(): void {
    for (const [currency, path] of this.#paths.entries()) {
      let rate = 1;
      let since = Number.POSITIVE_INFINITY;
      for (const { series, inverse } of path) {
        const row = this.#row[series]!;
        const { rate: rates, availableTs } = this.#series[series]!;
        const step = row < 0 ? Number.NaN : rates[row]!;
        rate = inverse ? rate / step : rate * step;
        since = Math.min(since, row < 0 ? Number.NaN : availableTs[row]!);
      }
      this.rates[currency] = rate;
      this.since[currency] = since;
    }
  }
}

/** The steps from one currency to another through the fewest series; breadth first. */
function shortestPath(from: string, to: string, series: readonly ExchangeRates[]): Step[] {
  const paths = new Map<string, Step[]>([[from, []]]);
  for (const [currency, path] of paths) {
    if (currency === to) return path;
    for (const [i, { base, quote }] of series.entries()) {
      if (base === currency && !paths.has(quote)) {
        paths.set(quote, [...path, { series: i, inverse: false }]);
      } else if (quote === currency && !paths.has(base)) {
        paths.set(base, [...path, { series: i, inverse: true }]);
      }
    }
  }
  const given = series.map(({ base, quote }) => `${base}/${quote}`).join(', ') || 'none';
  throw new LabError(
    'data',
    `no exchange rates lead from ${from} to ${to}; the series given are ${given}; add one that joins them`,
  );
}
