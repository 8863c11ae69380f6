import { roundDown } from '../core/round.ts';
import { grossExposure } from './gross-exposure.ts';
import type { RiskLimits } from './limits.ts';
import { orderNotional } from './order-notional.ts';
import { positionNotional } from './position-notional.ts';
import { type RiskRequest, type RiskState, reduces } from './request.ts';
import { APPROVED, denied, type RiskVerdict, resized } from './verdict.ts';

/**
 * The risk gate: every order passes here before a broker sees it, in a backtest, on paper and in real trading. One pure
 * function; rules are asked in the order below, and the first that denies ends it. What reduces is only checked for
 * being an order at all.
 */
export function check(limits: RiskLimits, state: RiskState, request: RiskRequest): RiskVerdict {
  if (!(request.qty > 0 && request.qty < Number.POSITIVE_INFINITY)) {
    return denied('quantity', 0, request.qty);
  }
  if (reduces(state, request)) return APPROVED;
  if (state.trading !== 'ACTIVE') return denied('trading-state', 0, request.qty * request.price);

  let verdict: RiskVerdict = APPROVED;
  let sized = request;
  const { maxOrderNotional, maxPositionNotional, maxGrossExposure } = limits;
  if (maxOrderNotional !== undefined) {
    verdict = orderNotional(maxOrderNotional, sized);
    if (verdict.outcome === 'denied') return verdict;
  }
  if (maxPositionNotional !== undefined) {
    const found = positionNotional(maxPositionNotional, state, sized);
    if (found.outcome === 'denied') return found;
    if (found.outcome === 'resized') {
      verdict = found;
      sized = { ...sized, qty: found.qty };
    }
  }
  if (maxGrossExposure !== undefined) {
    const found = grossExposure(maxGrossExposure, state, sized);
    if (found.outcome === 'denied') return found;
    if (found.outcome === 'resized') {
      verdict = found;
      sized = { ...sized, qty: found.qty };
    }
  }

  const qty = roundDown(sized.qty, state.lotSize);
  if (!(qty > 0)) return denied('quantity', state.lotSize, sized.qty);
  const notional = qty * sized.price;
  if (notional < state.minNotional) return denied('min-notional', state.minNotional, notional);
  return verdict.outcome === 'resized' ? resized(verdict.rule, qty) : APPROVED;
}
