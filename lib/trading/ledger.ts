import type { Millis } from '../core/time.ts';
import type { Fill } from './fill.ts';
import type { Order } from './order.ts';
import type { Tif } from './order-options.ts';

/**
 * What happened is a ledger; state is its fold. Everything an account did is one of these entries, in order; reports,
 * the status command and recovery after a crash read the same ones. Entries are plain data and never change.
 */
export type LedgerEntry =
  | {
      readonly kind: 'order';
      readonly ts: Millis;
      readonly orderId: number;
      readonly instrument: number;
      readonly side: 'buy' | 'sell';
      readonly type: Order['type'];
      readonly qty: number;
      readonly fraction: number;
      readonly limitPrice: number;
      readonly stopPrice: number;
      readonly tif: Tif;
      readonly reduceOnly: boolean;
      readonly postOnly: boolean;
      readonly role: Order['role'];
      readonly parentId: number;
    }
  | {
      readonly kind: 'modified';
      readonly ts: Millis;
      readonly orderId: number;
      readonly qty: number;
      readonly limitPrice: number;
      readonly stopPrice: number;
    }
  | {
      readonly kind: 'denied';
      readonly ts: Millis;
      readonly orderId: number;
      readonly rule: string;
      readonly limit: number;
      readonly found: number;
    }
  | {
      readonly kind: 'fill';
      readonly ts: Millis;
      readonly orderId: number;
      readonly instrument: number;
      readonly side: 'buy' | 'sell';
      readonly qty: number;
      readonly price: number;
      readonly fee: number;
      readonly liquidity: Fill['liquidity'];
      /** Units of the order that are still to fill. */
      readonly left: number;
    }
  | CashEntry
  | SplitEntry
  | {
      readonly kind: 'ended';
      readonly ts: Millis;
      readonly orderId: number;
      readonly status: 'canceled' | 'rejected';
      readonly reason: string;
    }
  | {
      readonly kind: 'state';
      readonly ts: Millis;
      readonly state: string;
      readonly reason: string;
    };

/** What cash comes and goes for beside fills. */
export type CashKind = 'funding' | 'dividend' | 'borrow' | 'split-cash' | 'liquidation-fee';

/** Cash that a position brought or cost without a fill. */
export interface CashEntry {
  readonly kind: 'cash';
  readonly ts: Millis;
  readonly instrument: number;
  /** In quote currency; below 0 when the account paid. */
  readonly amount: number;
  readonly what: CashKind;
}

/** A split of what was held; resting orders follow as `modified`, and a fraction of a lot as `split-cash`. */
export interface SplitEntry {
  readonly kind: 'split';
  readonly ts: Millis;
  readonly instrument: number;
  /** New units for each old one. */
  readonly ratio: number;
  /** Signed units held after it. */
  readonly qty: number;
  /** Of a new unit: what a fraction that cannot be held is paid at. */
  readonly price: number;
}

/** Where entries go: memory in research, a database in `live`. Appending is synchronous; `flush` makes it durable. */
export interface Ledger {
  append(entry: LedgerEntry): void;
  /** `append(orderEntry(order))`, for who can do without an object for each order. */
  order(order: Order): void;
  /** `append(fillEntry(fill, order))`, likewise. */
  fill(fill: Fill, order: Order): void;
  /** Resolves when every entry appended so far would survive the process. */
  flush(): Promise<void>;
}

export function orderEntry(order: Order): LedgerEntry {
  return {
    kind: 'order',
    ts: order.createdTs,
    orderId: order.id,
    instrument: order.instrument,
    side: order.side === 1 ? 'buy' : 'sell',
    type: order.type,
    qty: order.qty,
    fraction: order.share?.fraction ?? Number.NaN,
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    tif: order.terms.tif,
    reduceOnly: order.terms.reduceOnly,
    postOnly: order.terms.postOnly,
    role: order.role,
    parentId: order.parentId,
  };
}

export function modifiedEntry(ts: Millis, order: Order): LedgerEntry {
  const { id, qty, limitPrice, stopPrice } = order;
  return { kind: 'modified', ts, orderId: id, qty, limitPrice, stopPrice };
}

export function fillEntry(fill: Fill, order: Order): LedgerEntry {
  return {
    kind: 'fill',
    ts: fill.ts,
    orderId: fill.orderId,
    instrument: fill.instrument,
    side: fill.side === 1 ? 'buy' : 'sell',
    qty: fill.qty,
    price: fill.price,
    fee: fill.fee,
    liquidity: fill.liquidity,
    left: order.qty - order.filledQty,
  };
}
