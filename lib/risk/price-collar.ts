import type { RiskLimits } from './limits.ts';
import type { RiskRequest, RiskState } from './request.ts';
import { APPROVED, denied, type RiskVerdict } from './verdict.ts';

/**
 * How much worse than the market a limit price may be: above it for a buy, below it for a sell. The limit of a
 * stop-limit order is judged by its stop, since that is where the market will be. Orders without a limit cannot have a
 * wrong one. A limit price better than the market only waits, and passes.
 */
export function priceCollar(
  { collarBps, collarTicks }: RiskLimits,
  state: RiskState,
  request: RiskRequest,
): RiskVerdict {
  if (collarBps === undefined && collarTicks === undefined) return APPROVED;
  const { side, limitPrice, stopPrice } = request;
  const { referencePrice, tickSize } = state;
  if (Number.isNaN(limitPrice) && referencePrice > 0) return APPROVED;
  const reference = Number.isNaN(stopPrice) ? referencePrice : stopPrice;
  const worse = side * (limitPrice - reference);
  if (collarBps !== undefined) {
    const found = (1e4 * worse) / reference;
    if (!(found <= collarBps)) return denied('price-collar-bps', collarBps, found);
  }
  if (collarTicks !== undefined) {
    const found = worse / tickSize;
    if (!(found <= collarTicks)) return denied('price-collar-ticks', collarTicks, found);
  }
  return APPROVED;
}
