import { lowerBound } from '../../core/binary-search.ts';
import { LabError } from '../../core/errors.ts';
import { isoTime, MINUTE, type Millis } from '../../core/time.ts';
import type { Bar, BarColumns } from '../../market/bar.ts';
import { sessionsOf } from '../../market/calendar.ts';
import {
  type CorporateAction,
  CorporateActionCursor,
  dividendCash,
  splitPosition,
} from '../../market/corporate-actions.ts';
import {
  completeFunding,
  FUNDING_JITTER,
  FundingCursor,
  type FundingStream,
} from '../../market/funding.ts';
import type { BrokerDesk } from '../../trading/broker.ts';
import type { CashKind, SplitEntry } from '../../trading/ledger.ts';
import type { Order } from '../../trading/order.ts';
import { type AccountRules, FUNDING_INTERVAL } from './account-rules.ts';
import { BorrowCursor } from './borrow.ts';
import { splitOrder } from './split-order.ts';

/** When a run trades. */
export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** The resting orders of an instrument, which a split changes. */
export interface RestingOrders {
  ordersOf(instrument: number): readonly Order[];
  cancel(order: Order, reason: string): void;
}

/**
 * What happens to an account beside its fills: funding, splits, dividends and borrow fees. The order within a bar:
 *
 *   before its fills   borrow fees of sessions that were over when it opened; splits, then dividends, that went ex before
 *                      it closes; funding up to its open
 *   after its fills    funding up to its close; borrow fees of sessions that close in it
 *
 * So a position that is opened at the open of a bar neither has the dividend of that day nor the funding of that
 * moment, and one that is held at the close of a session pays for the nights after it.
 */
export class AccountEvents {
  /** Splits of positions so far. */
  readonly splits: SplitEntry[] = [];
  readonly #desk: BrokerDesk;
  readonly #orders: RestingOrders;
  readonly #funding: readonly (FundingCursor | undefined)[];
  /** What funding is known of, by instrument: bars beyond it are refused. */
  readonly #funded: readonly (Span | undefined)[];
  readonly #actions: readonly (CorporateActionCursor | undefined)[];
  readonly #borrow: readonly (BorrowCursor | undefined)[];

  /**
   * @param span of the bars, where it is known before they come: funding must then be complete within it. Without it
   * funding must be complete within itself, and bars beyond it are refused when they come.
   * @throws LabError `params` when a position on margin has no funding; `data` for a symbol that is not in the run, funding with holes, and actions without a size
   */
  constructor(rules: AccountRules, desk: BrokerDesk, orders: RestingOrders, span?: Span) {
    this.#desk = desk;
    this.#orders = orders;
    const { instruments } = desk;
    const { funding = {}, corporateActions = {}, borrow } = rules;
    for (const symbol of [...Object.keys(funding), ...Object.keys(corporateActions)]) {
      instruments.indexOf(symbol);
    }
    const all = Array.from({ length: instruments.size }, (_, k) => instruments.at(k));
    for (const { symbol } of all) {
      if (!rules.margin || funding[symbol]) continue;
      throw new LabError(
        'params',
        `${symbol} is held on margin, and no funding of it was given; give its stream, or one without payments and the largest rate to assume as its bound`,
      );
    }
    this.#funded = all.map(({ symbol }) => {
      const stream = funding[symbol];
      return stream && (span ?? extent(symbol, stream));
    });
    this.#funding = all.map(({ symbol }, k) => {
      const stream = funding[symbol];
      if (stream === undefined) return undefined;
      const { from, to } = span ?? this.#funded[k]!;
      const { interval = FUNDING_INTERVAL, bound } = stream;
      const inner = span ? 0 : interval;
      return new FundingCursor(
        completeFunding(symbol, stream, from + inner, to - inner, interval, bound),
      );
    });
    this.#actions = all.map(({ symbol }) => {
      const actions = corporateActions[symbol];
      return actions && new CorporateActionCursor(actions);
    });
    this.#borrow = all.map(
      ({ calendar }) => borrow && new BorrowCursor(sessionsOf(calendar), borrow.annualRate),
    );
  }

  /**
   * The first of rows [from, to) in whose bar something is due; `to` or more when there is none.
   *
   * @throws LabError `data` when the rows lie outside of what funding is known of
   */
  nextRow(k: number, { openTs, closeTs }: BarColumns, from: number, to: number): number {
    if (from >= to) return to;
    let next = to;
    const funding = this.#funding[k];
    if (funding) {
      this.#checkFunded(k, openTs[from]!, closeTs[to - 1]!);
      next = Math.min(next, rowAt(closeTs, funding.nextTs, to));
    }
    const actions = this.#actions[k];
    if (actions) {
      const row = rowAt(closeTs, actions.nextTs, to);
      // A bar that closes at the ex moment is still on the old basis.
      next = Math.min(next, row < to && closeTs[row] === actions.nextTs ? row + 1 : row);
    }
    const borrow = this.#borrow[k];
    if (borrow) {
      borrow.start(openTs[from]!);
      next = Math.min(next, rowAt(closeTs, borrow.nextTs, to));
    }
    return Math.max(from, next);
  }

  beforeFills(k: number, bar: Bar): void {
    const { lastPrice } = this.#desk.account;
    const borrow = this.#borrow[k];
    while (borrow && borrow.nextTs <= bar.openTs) this.#payBorrow(k, borrow, lastPrice[k]!);
    const actions = this.#actions[k];
    for (let action = actions?.take(bar.closeTs); action; action = actions?.take(bar.closeTs)) {
      this.#act(k, action);
    }
    this.#payFunding(k, bar.openTs + FUNDING_JITTER, lastPrice[k]!);
  }

  afterFills(k: number, bar: Bar): void {
    this.#payFunding(k, bar.closeTs, bar.close);
    const borrow = this.#borrow[k];
    while (borrow && borrow.nextTs <= bar.closeTs) this.#payBorrow(k, borrow, bar.close);
  }

  #payFunding(k: number, upTo: Millis, lastPrice: number): void {
    const funding = this.#funding[k];
    while (funding?.due(upTo)) {
      const qty = this.#desk.account.qty[k]!;
      if (qty !== 0) this.#pay(k, funding.ts, 'funding', funding.payment(qty, lastPrice));
    }
  }

  #payBorrow(k: number, borrow: BorrowCursor, price: number): void {
    const ts = borrow.nextTs;
    const fee = borrow.take(this.#desk.account.qty[k]!, price);
    if (fee > 0) this.#pay(k, ts, 'borrow', -fee);
  }

  #act(k: number, action: CorporateAction): void {
    const { account } = this.#desk;
    const held = account.qty[k]!;
    if (action.kind === 'split') this.#split(k, action.exTs, action.ratio);
    else if (held !== 0) {
      this.#pay(k, action.exTs, 'dividend', dividendCash(held, action.amount));
    }
  }

  #split(k: number, ts: Millis, ratio: number): void {
    const { account, instruments, sink } = this.#desk;
    const { lotSize, tickSize } = instruments.at(k);
    const held = account.qty[k]!;
    const price = account.lastPrice[k]! / ratio;
    const { qty, cash } = splitPosition(held, account.entryPrice[k]!, ratio, price, lotSize);
    const entry: SplitEntry = { kind: 'split', ts, instrument: k, ratio, qty, price };
    if (held !== 0) this.splits.push(entry);
    sink.onSplit(entry);
    if (held !== 0) this.#pay(k, ts, 'split-cash', cash);
    for (const order of [...this.#orders.ordersOf(k)]) {
      if (!order.open) continue;
      splitOrder(order, ratio, lotSize, tickSize);
      if (order.qty === order.filledQty)
        this.#orders.cancel(order, 'less than one lot after the split');
      else sink.onModified(order);
    }
  }

  #pay(instrument: number, ts: Millis, what: CashKind, amount: number): void {
    if (amount !== 0) this.#desk.sink.onCash({ kind: 'cash', ts, instrument, amount, what });
  }

  #checkFunded(k: number, openTs: Millis, closeTs: Millis): void {
    const { from, to } = this.#funded[k]!;
    if (openTs >= from && closeTs <= to) return;
    const { symbol } = this.#desk.instruments.at(k);
    throw new LabError(
      'data',
      `funding of ${symbol} is known for bars from ${isoTime(from)} to ${isoTime(to)}, and the run has bars from ${isoTime(openTs)} to ${isoTime(closeTs)}; import the payments that are missing, or trade the time that has them`,
    );
  }
}

/** From one interval before the first payment to one after the last: a payment beyond would have been due. */
function extent(symbol: string, { availableTs, interval = FUNDING_INTERVAL }: FundingStream): Span {
  if (availableTs.length === 0) {
    throw new LabError(
      'data',
      `funding of ${symbol} is empty, and the range of the bars is not known; import it, or give bars from memory and a bound`,
    );
  }
  return {
    from: availableTs[0]! - interval - MINUTE,
    to: availableTs.at(-1)! + interval + MINUTE,
  };
}

/** The first row whose bar closes at `ts` or later; `to` when none does, as for NaN. */
function rowAt(closeTs: Float64Array, ts: Millis, to: number): number {
  return Number.isNaN(ts) ? to : lowerBound(closeTs, ts, to);
}
