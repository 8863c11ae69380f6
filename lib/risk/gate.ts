import { roundDown } from '../core/round.ts';
import { grossExposure, netExposure } from './exposure.ts';
import type { RiskLimits } from './limits.ts';
import { dataAge, spreadCap } from './market-quality.ts';
import { duplicate, openOrders, orderRate } from './order-flow.ts';
import { orderNotional } from './order-notional.ts';
import { leverage, positionNotional } from './position-size.ts';
import { precision } from './precision.ts';
import { priceCollar } from './price-collar.ts';
import { type RiskRequest, type RiskState, reduces, reducesNothing } from './request.ts';
import { selfTrade } from './self-trade.ts';
import { blackout, cooldown, session } from './trading-hours.ts';
import { permits } from './trading-state.ts';
import { buyingPower, venueRules } from './venue-rules.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/** `free` says that no limit speaks before a trade, as `GateLimits` has found once for a whole run. */
type Limits = RiskLimits & { readonly free?: boolean };

/**
 * The risk gate: every order passes here before a broker sees it, in a backtest, on paper and in real trading. One pure
 * function of numbers; rules are asked in the order below, and the first that denies ends it. What reduces is only
 * checked for being an order at all. Nothing is allocated unless an order is denied or cut.
 */
export function check(limits: Limits, state: RiskState, request: RiskRequest): RiskVerdict {
  const wished = request.qty;
  if (!(wished > 0 && wished < Number.POSITIVE_INFINITY)) return denied('quantity', 0, wished);
  const precise = precision(state, request);
  if (precise !== APPROVED) return precise;
  const { trading } = state;
  const reducing = reduces(state, request);
  if (trading !== 'ACTIVE' && !permits(trading, reducing, request.reduceOnly)) {
    return denied('trading-state', 0, wished * request.price);
  }
  if (reducing) {
    const pointless = request.reduceOnly && reducesNothing(state, request);
    return pointless ? denied('reduce-only', 0, wished) : APPROVED;
  }
  if (!(request.price > 0)) return denied('price', 0, request.price);
  if (!state.warm) return denied('warm-up', 0, 0);

  let fitting: RiskVerdict = APPROVED;
  if (limits.free !== true) {
    fitting = withinLimits(limits, state, request);
    if (fitting.outcome === 'denied') return fitting;
  }

  const units = fitting.outcome === 'resized' ? fitting.qty : wished;
  const qty = roundDown(units, state.lotSize);
  if (!(qty > 0)) return denied('quantity', state.lotSize, units);
  let verdict = venueRules(state, request, qty);
  if (verdict === APPROVED) verdict = selfTrade(state, request);
  if (verdict === APPROVED) verdict = buyingPower(state, request, qty);
  if (verdict !== APPROVED) return verdict;
  return fitting.outcome === 'resized' ? resized(fitting.rule, qty) : APPROVED;
}

/** First the limits that take an order or leave it, then those that cut it to what fits. */
function withinLimits(limits: RiskLimits, state: RiskState, request: RiskRequest): RiskVerdict {
  let verdict = orderNotional(limits, state, request);
  if (verdict === APPROVED) verdict = dataAge(limits, state);
  if (verdict === APPROVED) verdict = spreadCap(limits, state);
  if (verdict === APPROVED) verdict = priceCollar(limits, state, request);
  if (verdict === APPROVED) verdict = openOrders(limits, state);
  if (verdict === APPROVED) verdict = orderRate(limits, state);
  if (verdict === APPROVED) verdict = duplicate(limits, state);
  if (verdict === APPROVED) verdict = session(limits, state);
  if (verdict === APPROVED) verdict = blackout(limits, state);
  if (verdict === APPROVED) verdict = cooldown(limits, state);
  return verdict === APPROVED ? cutToLimits(limits, state, request) : verdict;
}

/** Each limit is asked with what the one before it left of the order; the last cut speaks for all. */
function cutToLimits(limits: RiskLimits, state: RiskState, request: RiskRequest): RiskVerdict {
  const { maxPositionNotional, maxLeverage, maxGrossExposure, maxNetExposure } = limits;
  let { qty } = request;
  let cut: RiskVerdict = APPROVED;
  if (maxPositionNotional !== undefined) {
    const found = positionNotional(maxPositionNotional, state, request, qty);
    if (found.outcome === 'denied') return found;
    if (found.outcome === 'resized') {
      cut = found;
      qty = found.qty;
    }
  }
  if (maxLeverage !== undefined) {
    const found = leverage(maxLeverage, state, request, qty);
    if (found.outcome === 'denied') return found;
    if (found.outcome === 'resized') {
      cut = found;
      qty = found.qty;
    }
  }
  if (maxGrossExposure !== undefined) {
    const found = grossExposure(maxGrossExposure, state, request, qty);
    if (found.outcome === 'denied') return found;
    if (found.outcome === 'resized') {
      cut = found;
      qty = found.qty;
    }
  }
  if (maxNetExposure !== undefined) {
    const found = netExposure(maxNetExposure, state, request, qty);
    if (found.outcome !== 'approved') return found;
  }
  return cut;
}
