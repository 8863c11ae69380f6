import type { Millis } from '../core/time.ts';

/** One round trip of one instrument, from flat to flat. */
export interface Trade {
  readonly openTs: Millis;
  readonly closeTs: Millis;
  /** Its place in the run. */
  readonly instrument: number;
  readonly side: 'long' | 'short';
  /** Units entered, all entries of the trip added up, > 0. */
  readonly qty: number;
  /** Volume-weighted over the entries. */
  readonly entryPrice: number;
  /** Volume-weighted over the exits. */
  readonly exitPrice: number;
  /** In the currency of the account, NET of `fees`. */
  readonly pnl: number;
  /** Of entries and exits together, in the currency of the account. */
  readonly fees: number;
}

/** What a fill must tell to become part of a trade. */
export interface TradeFill {
  readonly ts: Millis;
  readonly instrument: number;
  /** +1 buys, −1 sells. */
  readonly side: 1 | -1;
  /** Units, > 0. */
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
}

/** What a split must tell to change the trade under way. */
export interface TradeSplit {
  readonly ts: Millis;
  readonly instrument: number;
  /** New units for each old one. */
  readonly ratio: number;
  /** Signed units held after it; a fraction beyond them was paid for. */
  readonly qty: number;
  /** What a unit of that fraction was paid. */
  readonly price: number;
}

/** A position below this share of the fill that left it is rounding, not a position. The portfolio says the same. */
const DUST = 1e-12;

/** A round trip under way. */
class OpenTrade {
  readonly openTs: Millis;
  readonly instrument: number;
  readonly side: 1 | -1;
  /** Signed units held now. */
  position = 0;
  entered = 0;
  entryValue = 0;
  exited = 0;
  exitValue = 0;
  /** The two values, and the fees, in the currency of the account. */
  entryWorth = 0;
  exitWorth = 0;
  fees = 0;
  /** Account currency for one of quote currency at the last fill. */
  private rate = 1;

  constructor({ ts, instrument, side }: TradeFill) {
    this.openTs = ts;
    this.instrument = instrument;
    this.side = side;
  }

  enter(qty: number, price: number, fee: number, rate: number): void {
    this.position += this.side * qty;
    this.entered += qty;
    this.entryValue += qty * price;
    this.entryWorth += qty * price * rate;
    this.fees += fee * rate;
    this.rate = rate;
  }

  exit(qty: number, price: number, fee: number, rate: number): void {
    this.position -= this.side * qty;
    this.exited += qty;
    this.exitValue += qty * price;
    this.exitWorth += qty * price * rate;
    this.fees += fee * rate;
    this.rate = rate;
  }

  /** In new units; what could not be held was sold at the price of the split. */
  split(ratio: number, qty: number, price: number): void {
    this.position *= ratio;
    this.entered *= ratio;
    this.exited *= ratio;
    const sold = Math.abs(this.position) - Math.abs(qty);
    if (sold > DUST * this.entered) this.exit(sold, price, 0, this.rate);
    this.position = qty;
  }

  close(closeTs: Millis): Trade {
    return {
      openTs: this.openTs,
      closeTs,
      instrument: this.instrument,
      side: this.side === 1 ? 'long' : 'short',
      qty: this.entered,
      entryPrice: this.entryValue / this.entered,
      exitPrice: this.exitValue / this.exited,
      pnl: this.side * (this.exitWorth - this.entryWorth) - this.fees,
      fees: this.fees,
    };
  }
}

/**
 * Round trips from flat to flat, per instrument, in the order in which they closed.
 *
 * A fill that turns the position is split at zero: one part closes, the rest opens, and its fee is shared by quantity.
 * A position still open after the last fill is no trade yet.
 *
 * @param fills  in the order in which they happened
 * @param splits of positions, likewise
 * @param rates  by fill: account currency for one of its quote currency; 1 when left out
 */
export function tradesFromFills(
  fills: Iterable<TradeFill>,
  splits: readonly TradeSplit[] = [],
  rates?: ArrayLike<number>,
): Trade[] {
  const trades: Trade[] = [];
  const open = new Map<number, OpenTrade>();
  let nextSplit = 0;
  const splitUpTo = (ts: Millis) => {
    for (; nextSplit < splits.length && splits[nextSplit]!.ts < ts; nextSplit++) {
      const { instrument, ratio, qty, price, ts: when } = splits[nextSplit]!;
      const trade = open.get(instrument);
      trade?.split(ratio, qty, price);
      if (qty !== 0 || trade === undefined) continue;
      trades.push(trade.close(when));
      open.delete(instrument);
    }
  };
  let at = 0;
  for (const fill of fills) {
    const rate = rates?.[at++] ?? 1;
    splitUpTo(fill.ts);
    const trade = open.get(fill.instrument) ?? new OpenTrade(fill);
    if (fill.side === trade.side) {
      trade.enter(fill.qty, fill.price, fill.fee, rate);
      open.set(fill.instrument, trade);
      continue;
    }
    const left = Math.abs(trade.position) - fill.qty;
    if (left > DUST * fill.qty) {
      trade.exit(fill.qty, fill.price, fill.fee, rate);
      continue;
    }
    const turned = -left > DUST * fill.qty ? -left : 0;
    const share = turned / fill.qty;
    trade.exit(fill.qty - turned, fill.price, fill.fee * (1 - share), rate);
    trades.push(trade.close(fill.ts));
    open.delete(fill.instrument);
    if (turned > 0) {
      const next = new OpenTrade(fill);
      next.enter(turned, fill.price, fill.fee * share, rate);
      open.set(fill.instrument, next);
    }
  }
  splitUpTo(Number.POSITIVE_INFINITY);
  return trades;
}
