import type { Millis } from '../core/time.ts';
import type { OrderType, Side } from './order-options.ts';
import type { OrderTerms } from './order-terms.ts';
import { EquityShare, refuseSize, type Size } from './size.ts';

export type { OrderType, Side } from './order-options.ts';

export const ORDER_STATUSES = [
  'initialized',
  'denied',
  'submitted',
  'rejected',
  'accepted',
  'partiallyFilled',
  'filled',
  'canceled',
] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/**
 * The only moves an order can make. Denied is our own risk gate speaking, rejected is the venue. A venue may report a
 * fill before it reports that it accepted the order. A switch, because every order passes here several times.
 */
function mayBecome(from: OrderStatus, to: OrderStatus): boolean {
  switch (from) {
    case 'initialized':
      return to === 'submitted' || to === 'denied';
    case 'submitted':
      return to === 'accepted' || ends(to) || to === 'partiallyFilled' || to === 'rejected';
    case 'accepted':
      return ends(to) || to === 'partiallyFilled' || to === 'rejected';
    case 'partiallyFilled':
      return ends(to) || to === 'partiallyFilled';
    default:
      return false;
  }
}

function ends(to: OrderStatus): boolean {
  return to === 'filled' || to === 'canceled';
}

/** The same as a table: what each status may become. */
export const ORDER_TRANSITIONS = Object.fromEntries(
  ORDER_STATUSES.map((from) => [from, ORDER_STATUSES.filter((to) => mayBecome(from, to))]),
) as unknown as Readonly<Record<OrderStatus, readonly OrderStatus[]>>;

/** Who wants it: the strategy, the bracket of an entry, or the venue whose margin is gone. */
export type OrderRole = 'plain' | 'stopLoss' | 'takeProfit' | 'liquidation';

/** What happens to an order while it rests; only those that sleep or queue have it. */
export interface Resting {
  /** Where it wakes now: a trailing stop moves. NaN for none. */
  stopPrice: number;
  limitPrice: number;
  awake: boolean;
  /** The close of the bar inside which it woke; NaN while none. */
  wokeInside: Millis;
  /** Awake, and at the venue since an earlier bar: it makes rather than takes. */
  rested: boolean;
  /** Units that must trade at its price before it does; NaN before its first bar. */
  queueAhead: number;
}

/**
 * One order, from the wish of a strategy to its end. A class with few fields, every one assigned in order: a sweep makes
 * millions of them, and each number that can change is an allocation of its own.
 */
export class Order {
  /** Sequence number within the run; the client order id at a venue is derived from it. */
  readonly id: number;
  readonly instrument: number;
  readonly side: Side;
  terms: OrderTerms;
  /** Units to trade, > 0. NaN until the fill decides it, for an order sized by `share`. */
  qty: number;
  /** Share of equity to spend, fees included, resolved at the fill price. null for an order sized by `qty`. */
  readonly share: EquityShare | null;
  readonly role: OrderRole;
  /** The bracket entry this exit belongs to; 0 for none. */
  readonly parentId: number;
  /** Orders of one group cancel each other; 0 for none. */
  group: number;
  readonly createdTs: Millis;
  status: OrderStatus;
  /** Units it is expected to trade: its own, or what `share` bought at the price it was placed at. */
  expectedQty: number;
  filledQty: number;
  resting: Resting | null;

  constructor(
    id: number,
    instrument: number,
    side: Side,
    size: Size,
    terms: OrderTerms,
    role: OrderRole,
    parentId: number,
    createdTs: Millis,
  ) {
    this.id = id;
    this.instrument = instrument;
    this.side = side;
    this.terms = terms;
    this.role = role;
    this.parentId = parentId;
    this.group = parentId;
    this.createdTs = createdTs;
    this.status = 'initialized';
    if (typeof size === 'number') {
      this.qty = size;
      this.share = null;
      this.expectedQty = size;
    } else {
      if (!(size instanceof EquityShare)) refuseSize(size);
      this.qty = Number.NaN;
      this.share = size;
      this.expectedQty = Number.NaN;
    }
    this.filledQty = 0;
    this.resting = terms.simple ? null : newResting(terms);
  }

  get type(): OrderType {
    return this.terms.type;
  }
  /** NaN when it has none, or none yet. */
  get limitPrice(): number {
    return this.resting === null ? Number.NaN : this.resting.limitPrice;
  }
  /** Where it wakes, which a trailing stop moves; NaN when it has none. */
  get stopPrice(): number {
    return this.resting === null ? Number.NaN : this.resting.stopPrice;
  }
  get reduceOnly(): boolean {
    return this.terms.reduceOnly;
  }

  /** Other terms and another size; what has filled stays filled, the place in the queue is lost. */
  modify(qty: number, terms: OrderTerms): void {
    const resting = newResting(terms);
    if (this.resting?.awake) resting.awake = true;
    this.qty = qty;
    this.expectedQty = qty;
    this.terms = terms;
    this.resting = resting;
  }

  /** Moves along ORDER_TRANSITIONS; any other move is a bug. */
  become(status: OrderStatus): void {
    if (!mayBecome(this.status, status)) this.refuse(status);
    this.status = status;
  }

  private refuse(status: OrderStatus): never {
    throw new Error(`order ${this.id} cannot go from ${this.status} to ${status}`);
  }

  /** True while the broker may still fill it. */
  get open(): boolean {
    return (
      this.status === 'submitted' || this.status === 'accepted' || this.status === 'partiallyFilled'
    );
  }
}

function newResting(terms: OrderTerms): Resting {
  const { type, limitPrice, stopPrice } = terms;
  const awake = type === 'market' || type === 'limit';
  const none = Number.NaN;
  return { stopPrice, limitPrice, awake, wokeInside: none, rested: false, queueAhead: none };
}
