import type { Millis } from '../core/time.ts';
import type { OrderPlan, OrderType, Tif, Trail } from './order-options.ts';

const NONE = Number.NaN;

/**
 * What was asked of an order beside its side and size. Never changes, so that the many orders that ask for nothing
 * special share one of them.
 */
export class OrderTerms {
  readonly type: OrderType;
  /** NaN for none, as in every price here. */
  readonly limitPrice: number;
  /** The price that wakes it. */
  readonly stopPrice: number;
  readonly trail: Trail | null;
  /** A trailing stop-limit's limit, as a distance from its stop to the worse side. */
  readonly limitOffset: number;
  readonly tif: Tif;
  /** The end of a `gtd` order. */
  readonly until: Millis;
  /** It ends rejected rather than take. */
  readonly postOnly: boolean;
  /** It may shrink the position but never grow or turn it. */
  readonly reduceOnly: boolean;
  /** Units the market sees of it at a time; infinity when all. */
  readonly displayQty: number;
  /** Bracket: prices of the exits that come alive when the order fills. */
  readonly stopLoss: number;
  readonly takeProfit: number;
  /** Orders placed when it has filled. */
  readonly followUps: readonly OrderPlan[];
  /** A market order that stands until it fills: the next open decides it, whatever else is going on. */
  readonly simple: boolean;
  /** Whether something follows its fill. */
  readonly leads: boolean;

  /** What is left out is not asked for; `simple` and `leads` follow from the rest. */
  constructor(given: Partial<OrderTerms>) {
    this.type = given.type ?? 'market';
    this.limitPrice = given.limitPrice ?? NONE;
    this.stopPrice = given.stopPrice ?? NONE;
    this.trail = given.trail ?? null;
    this.limitOffset = given.limitOffset ?? NONE;
    this.tif = given.tif ?? 'gtc';
    this.until = given.until ?? NONE;
    this.postOnly = given.postOnly ?? false;
    this.reduceOnly = given.reduceOnly ?? false;
    this.displayQty = given.displayQty ?? Number.POSITIVE_INFINITY;
    this.stopLoss = given.stopLoss ?? NONE;
    this.takeProfit = given.takeProfit ?? NONE;
    this.followUps = given.followUps ?? [];
    this.simple = this.type === 'market' && this.tif === 'gtc';
    this.leads = !(Number.isNaN(this.stopLoss) && Number.isNaN(this.takeProfit));
  }
}

/** At the market, with nothing else. */
export const AT_MARKET = new OrderTerms({});

/** At the market, and only to reduce. */
export const CLOSE_AT_MARKET = new OrderTerms({ reduceOnly: true });
