import { LabError } from '../core/errors.ts';
import { isoTime, MINUTE, type Millis, SECOND } from '../core/time.ts';

/** Funding of one perpetual as columns of equal length, ascending in time. */
export interface FundingColumns {
  /** When the payment was made and its rate known, UTC epoch milliseconds. */
  readonly availableTs: Float64Array;
  /** Fraction of the position's value; above 0 longs pay shorts. */
  readonly rate: Float64Array;
  /** The price that valued positions; NaN where the venue did not record it, and the last price stands in. */
  readonly markPrice: Float64Array;
}

/** Funding of one perpetual for a run. */
export interface FundingStream extends FundingColumns {
  /** The venue's longest time between payments; 8 hours when absent. */
  readonly interval?: Millis | undefined;
  /** Largest rate to assume where a payment is missing, as a fraction. Without it a hole refuses the run. */
  readonly bound?: number | undefined;
}

/** A stream without holes: payments that nobody recorded are there as a bound on their rate. */
export interface CompleteFunding extends FundingColumns {
  /** 1 where `rate` is a bound that whoever holds a position pays, long or short. */
  readonly assumed: Uint8Array;
}

/** Payments come up to this much after the round hour: as recorded by Binance, some 20 ms. */
export const FUNDING_JITTER: Millis = SECOND;

/** What funding changes in the cash of a position. @param qty signed units @returns below 0 when it pays */
export function fundingPayment(qty: number, markPrice: number, rate: number): number {
  return -qty * markPrice * rate;
}

/** Times at which a payment was due and is not in the stream. */
export function missingFunding(
  funding: FundingColumns,
  from: Millis,
  to: Millis,
  interval: Millis,
): number[] {
  const missing: number[] = [];
  // Payments fall on round multiples of the interval since the epoch; a shorter interval for a while leaves no hole.
  let due = Math.ceil(from / interval) * interval;
  const expectUpTo = (end: Millis) => {
    for (; due < end; due += interval) missing.push(due);
  };
  for (const ts of funding.availableTs) {
    if (ts < from) continue;
    if (ts >= to) break;
    expectUpTo(ts - MINUTE);
    due = Math.max(due, Math.floor((ts + MINUTE) / interval) * interval + interval);
  }
  expectUpTo(to);
  return missing;
}

/**
 * The stream for a run over [from, to). Without a bound, a hole is an error: a backtest that skips payments flatters
 * whoever would have paid.
 *
 * @param interval the venue's longest time between payments, such as 8 hours
 * @param bound    largest rate to assume where a payment is missing, as a fraction; whoever holds a position pays it
 * @throws LabError `data` that counts the missing payments and names the first, or names a rate that is no number
 */
export function completeFunding(
  symbol: string,
  funding: FundingColumns,
  from: Millis,
  to: Millis,
  interval: Millis,
  bound?: number,
): CompleteFunding {
  const wrong = funding.rate.findIndex((rate) => !(Math.abs(rate) < 1));
  if (wrong >= 0) {
    throw new LabError(
      'data',
      `the funding rate of ${symbol} at ${isoTime(funding.availableTs[wrong]!)} is ${funding.rate[wrong]}; expected a fraction between -1 and 1`,
    );
  }
  const missing = missingFunding(funding, from, to, interval);
  if (missing.length > 0 && bound === undefined) {
    throw new LabError(
      'data',
      `funding of ${symbol} misses ${missing.length} payments from ${isoTime(from)} to ${isoTime(to)}, the first at ${isoTime(missing[0]!)}; import them, or give the largest rate to assume, such as 0.0075`,
    );
  }
  const rows = [
    ...Array.from(funding.availableTs, (ts, i) => [ts, funding.rate[i]!, funding.markPrice[i]!, 0]),
    ...missing.map((ts) => [ts, Math.abs(bound ?? 0), Number.NaN, 1]),
  ].sort((a, b) => a[0]! - b[0]!);
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]!);
  return {
    availableTs: column(0),
    rate: column(1),
    markPrice: column(2),
    assumed: Uint8Array.from(rows, (row) => row[3]!),
  };
}

/**
 * Walks a stream as time goes on. A payment is due from the position that is held when the hour strikes: an engine on
 * bars takes what is due up to the bar's open plus FUNDING_JITTER before the bar's fills, and the rest up to its close
 * after them.
 */
export class FundingCursor {
  readonly #funding: CompleteFunding;
  #row = -1;

  constructor(funding: CompleteFunding) {
    this.#funding = funding;
  }

  /** When the next payment is made; NaN after the last. */
  get nextTs(): Millis {
    return this.#funding.availableTs[this.#row + 1] ?? Number.NaN;
  }

  /** Moves to the next payment if it is due by `ts`; false when none is. */
  due(ts: Millis): boolean {
    if (!(this.#funding.availableTs[this.#row + 1]! <= ts)) return false;
    this.#row++;
    return true;
  }

  /** When the payment under the cursor was made. */
  get ts(): Millis {
    return this.#funding.availableTs[this.#row]!;
  }

  /** The rate under the cursor; a bound where it was missing. */
  get rate(): number {
    return this.#funding.rate[this.#row]!;
  }

  get assumed(): boolean {
    return this.#funding.assumed[this.#row] === 1;
  }

  /**
   * What the payment under the cursor changes in the cash of a position.
   *
   * @param qty       signed units
   * @param lastPrice values the position where the venue recorded no mark
   */
  payment(qty: number, lastPrice: number): number {
    const mark = this.#funding.markPrice[this.#row]!;
    const payment = fundingPayment(qty, Number.isNaN(mark) ? lastPrice : mark, this.rate);
    return this.assumed ? -Math.abs(payment) : payment;
  }
}
