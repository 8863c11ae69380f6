import type { RiskLimitName } from './limits.ts';
import type { TradingState } from './trading-state.ts';

/** What one code of the risk module means. Documentation is printed from these, and from nothing else. */
export interface RiskCodeEntry {
  /** The gate speaks before an order is sent, a watch after something happened. */
  readonly speaks: 'gate' | 'watch';
  /** The limits that set the bound; none for rules of the venue and of sense. */
  readonly limits: readonly RiskLimitName[];
  /** Of the limit and of what was found. */
  readonly unit: string;
  readonly when: string;
  readonly todo: string;
  /** The state a watch brings trading to. */
  readonly leadsTo?: TradingState;
}

type Rows = Readonly<Record<string, RiskCodeEntry>>;

const GATE = {
  quantity: {
    speaks: 'gate',
    limits: [],
    unit: 'units',
    when: 'the quantity is not a number above 0, or less than a lot is left of it',
    todo: 'order at least one lot; a limit may have cut the order to less',
  },
  'price-precision': {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency (limit: the tick)',
    when: 'a limit or stop price is not a multiple of the tick',
    todo: 'round the price to the tick',
  },
  'quantity-precision': {
    speaks: 'gate',
    limits: [],
    unit: 'units (limit: the lot)',
    when: 'the quantity is final and not a multiple of the lot',
    todo: 'round the quantity down to the lot',
  },
  'trading-state': {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency (limit: 0)',
    when: 'the trading state does not permit the order',
    todo: 'find out why trading fell out of ACTIVE; a person re-arms it',
  },
  'reduce-only': {
    speaks: 'gate',
    limits: [],
    unit: 'units (limit: 0)',
    when: 'a reduce-only order has nothing to reduce, and no open order could change that',
    todo: 'look at the position before closing it',
  },
  price: {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency (limit: 0)',
    when: 'there is no price above 0 to judge the order by',
    todo: 'wait for the first price of the instrument',
  },
  'warm-up': {
    speaks: 'gate',
    limits: [],
    unit: 'none',
    when: 'the indicators of the strategy have not seen enough yet',
    todo: 'trade from onBar, which waits for the warm-up',
  },
  'self-trade': {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency (limit: the own price)',
    when: 'the order would meet an own resting order of the other side',
    todo: 'cancel the resting order first',
  },
  'price-collar-bps': {
    speaks: 'gate',
    limits: ['collarBps'],
    unit: 'basis points of the reference',
    when: 'the limit price is that much worse than the reference, or there is no reference',
    todo: 'check the price for a slip, or wait for a fresh reference',
  },
  'price-collar-ticks': {
    speaks: 'gate',
    limits: ['collarTicks'],
    unit: 'ticks',
    when: 'the same in ticks; also where the tick is unknown',
    todo: 'check the price for a slip, or give the instrument its tickSize',
  },
  'data-age': {
    speaks: 'gate',
    limits: ['maxDataAge'],
    unit: 'ms',
    when: 'the newest price is older than that, or its age is unknown',
    todo: 'wait for the feed; look at it if this stays',
  },
  spread: {
    speaks: 'gate',
    limits: ['maxSpreadBps'],
    unit: 'basis points of the mid',
    when: 'the spread is wider than that, or unknown; a run on bars refuses the limit',
    todo: 'wait for a calmer book; use it with quotes only',
  },
  'open-orders': {
    speaks: 'gate',
    limits: ['maxOpenOrders'],
    unit: 'orders',
    when: 'more orders would rest than that',
    todo: 'cancel what is no longer wanted',
  },
  'order-rate': {
    speaks: 'gate',
    limits: ['maxOrdersPerMinute'],
    unit: 'orders in 60 s',
    when: 'more orders would have been sent than that',
    todo: 'look for a loop that orders again and again',
  },
  duplicate: {
    speaks: 'gate',
    limits: ['duplicateWindow'],
    unit: 'ms',
    when: 'an order with the same side, quantity and price was sent so recently',
    todo: 'remember what was ordered; order once',
  },
  session: {
    speaks: 'gate',
    limits: ['quietAfterOpen', 'quietBeforeClose'],
    unit: 'minutes',
    when: 'the session opened or will close within that, or the market is closed',
    todo: 'trade later, or in the next session',
  },
  blackout: {
    speaks: 'gate',
    limits: ['blackoutFrom', 'blackoutTo'],
    unit: 'minute of the UTC day (limit: the end)',
    when: 'the time of day is inside the blackout',
    todo: 'trade when it has passed',
  },
  cooldown: {
    speaks: 'gate',
    limits: ['cooldownAfterStop'],
    unit: 'ms',
    when: 'a stop closed a position of the instrument so recently',
    todo: 'wait; the setup has just failed',
  },
  'order-notional': {
    speaks: 'gate',
    limits: ['maxOrderNotional'],
    unit: 'account currency',
    when: 'the order is worth more; it is denied whole, as a likely slip',
    todo: 'order less at once',
  },
  'position-notional': {
    speaks: 'gate',
    limits: ['maxPositionNotional'],
    unit: 'account currency',
    when: 'the position would be worth more, open orders filled; cut to what fits',
    todo: 'nothing when cut; when denied, the position is full',
  },
  leverage: {
    speaks: 'gate',
    limits: ['maxLeverage'],
    unit: 'multiple of equity',
    when: 'the position would be a larger multiple of equity; cut to what fits',
    todo: 'nothing when cut; when denied, the position is full',
  },
  'gross-exposure': {
    speaks: 'gate',
    limits: ['maxGrossExposure'],
    unit: 'multiple of equity',
    when: 'all positions together would be worth more, open orders filled; cut to what fits',
    todo: 'nothing when cut; when denied, reduce another position first',
  },
  'net-exposure': {
    speaks: 'gate',
    limits: ['maxNetExposure'],
    unit: 'multiple of equity',
    when: 'longs less shorts would be worth more, either way; cut to what fits',
    todo: 'nothing when cut; when denied, trade the other side',
  },
  'buying-power': {
    speaks: 'gate',
    limits: [],
    unit: 'account currency',
    when: 'balance or margin, less what open orders reserve, does not carry the growth',
    todo: 'order less, or cancel resting orders',
  },
  'min-quantity': {
    speaks: 'gate',
    limits: [],
    unit: 'units',
    when: 'the venue takes no order that small',
    todo: 'order more, or leave it',
  },
  'max-quantity': {
    speaks: 'gate',
    limits: [],
    unit: 'units',
    when: 'the venue takes no order that large',
    todo: 'split the order',
  },
  'min-notional': {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency',
    when: 'the venue takes no order worth that little',
    todo: 'order more, or leave it',
  },
  'max-notional': {
    speaks: 'gate',
    limits: [],
    unit: 'quote currency',
    when: 'the venue takes no order worth that much',
    todo: 'split the order',
  },
} as const satisfies Rows;

const WATCH = {
  drawdown: {
    speaks: 'watch',
    limits: ['maxDrawdown'],
    unit: 'fraction of the peak',
    when: 'equity has fallen that far from its highest, or is gone',
    todo: 'find out whether the edge is gone before re-arming',
    leadsTo: 'FLATTENING',
  },
  'daily-loss': {
    speaks: 'watch',
    limits: ['maxDailyLoss'],
    unit: 'fraction of the equity of the day’s start',
    when: 'the day has lost that much, open positions included',
    todo: 'stop for the day',
    leadsTo: 'FLATTENING',
  },
  'loss-streak': {
    speaks: 'watch',
    limits: ['maxLossStreak'],
    unit: 'trades',
    when: 'that many trades in a row lost',
    todo: 'compare the market with the one the strategy was validated on',
    leadsTo: 'REDUCING',
  },
  'reject-rate': {
    speaks: 'watch',
    limits: ['maxRejectRate'],
    unit: 'share of the last 20 orders',
    when: 'the venue rejected that share',
    todo: 'read the reasons it gave; the account or its rules may have changed',
    leadsTo: 'HALTED',
  },
  slippage: {
    speaks: 'watch',
    limits: ['maxSlippageBps'],
    unit: 'basis points',
    when: 'the last 20 fills were that much worse than the model, weighted by value',
    todo: 'trade smaller, or correct the cost model and validate again',
    leadsTo: 'REDUCING',
  },
  'data-gap': {
    speaks: 'watch',
    limits: ['maxDataGap'],
    unit: 'ms',
    when: 'no price came for that long while the market was open',
    todo: 'look at the feed; indicators have missed what happened meanwhile',
    leadsTo: 'HALTED',
  },
} as const satisfies Rows;

export type GateCode = keyof typeof GATE;
export type WatchCode = keyof typeof WATCH;
export type RiskCode = GateCode | WatchCode;

/** Every code of the risk module, in the order in which the gate asks, then the watches. */
export const RISK_CODES: Readonly<Record<RiskCode, RiskCodeEntry>> = { ...GATE, ...WATCH };

/** The state a watch brings trading to when it trips. */
export const leadsTo = (code: WatchCode) => WATCH[code].leadsTo;
