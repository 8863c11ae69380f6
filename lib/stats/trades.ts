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

/** The round trip of one instrument that is under way, and when it has closed the next one. */
class OpenTrade {
  /** Units entered so far; 0 while there is none. */
  entered = 0;
  /** Signed units held now. */
  position = 0;
  private readonly instrument: number;
  private openTs: Millis = 0;
  private opened: 1 | -1 = 1;
  private entryValue = 0;
  private exited = 0;
  private exitValue = 0;
  /** The two values, and the fees, in the currency of the account. */
  private entryWorth = 0;
  private exitWorth = 0;
  private fees = 0;
  /** Account currency for one of quote currency at the last fill. */
  private rate = 1;

  constructor(instrument: number) {
    this.instrument = instrument;
  }

  begin(ts: Millis, side: 1 | -1): void {
    this.openTs = ts;
    this.opened = side;
    this.entered = 0;
    this.position = 0;
    this.entryValue = 0;
    this.exited = 0;
    this.exitValue = 0;
    this.entryWorth = 0;
    this.exitWorth = 0;
    this.fees = 0;
  }

  get side(): 1 | -1 {
    return this.opened;
  }

  enter(qty: number, price: number, fee: number, rate: number): void {
    this.position += this.opened * qty;
    this.entered += qty;
    this.entryValue += qty * price;
    this.entryWorth += qty * price * rate;
    this.fees += fee * rate;
    this.rate = rate;
  }

  exit(qty: number, price: number, fee: number, rate: number): void {
    this.position -= this.opened * qty;
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
    const { entered } = this;
    this.entered = 0;
    return {
      openTs: this.openTs,
      closeTs,
      instrument: this.instrument,
      side: this.opened === 1 ? 'long' : 'short',
      qty: entered,
      entryPrice: this.entryValue / entered,
      exitPrice: this.exitValue / this.exited,
      pnl: this.opened * (this.exitWorth - this.entryWorth) - this.fees,
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
  /** By instrument; one is made for each and used again. */
  const open: OpenTrade[] = [];
  let nextSplit = 0;
  const splitUpTo = (ts: Millis) => {
    for (; nextSplit < splits.length && splits[nextSplit]!.ts < ts; nextSplit++) {
      const { instrument, ratio, qty, price, ts: when } = splits[nextSplit]!;
      const trade = open[instrument];
      if (trade === undefined || trade.entered === 0) continue;
      trade.split(ratio, qty, price);
      if (qty === 0) trades.push(trade.close(when));
    }
  };
  let at = 0;
  for (const { ts, instrument, side, qty, price, fee } of fills) {
    const rate = rates === undefined ? 1 : rates[at++]!;
    if (nextSplit < splits.length) splitUpTo(ts);
    open[instrument] ??= new OpenTrade(instrument);
    const trade = open[instrument];
    if (trade.entered === 0) trade.begin(ts, side);
    if (side === trade.side) {
      trade.enter(qty, price, fee, rate);
      continue;
    }
    const left = Math.abs(trade.position) - qty;
    if (left > DUST * qty) {
      trade.exit(qty, price, fee, rate);
      continue;
    }
    const turned = -left > DUST * qty ? -left : 0;
    const share = turned / qty;
    trade.exit(qty - turned, price, fee * (1 - share), rate);
    trades.push(trade.close(ts));
    if (turned === 0) continue;
    trade.begin(ts, side);
    trade.enter(turned, price, fee * share, rate);
  }
  splitUpTo(Number.POSITIVE_INFINITY);
  return trades;
}
