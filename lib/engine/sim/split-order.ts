import { roundDown, roundNearest, roundUp } from '../../core/round.ts';
import type { Order } from '../../trading/order.ts';
import type { OrderOptions, OrderPlan } from '../../trading/order-options.ts';
import { OrderTerms } from '../../trading/order-terms.ts';

/**
 * A resting order after a split: quantities times the ratio, down to a lot; prices over it, to the tick, a limit never
 * to our loss. What has filled counts in new units; its place in the queue stays. Distances in units of an indicator
 * stay as they are, since the indicator reads raw prices.
 */
export function splitOrder(order: Order, ratio: number, lotSize: number, tick: number): void {
  const { terms, side, resting } = order;
  const limit = (price: number) =>
    side === 1 ? roundDown(price / ratio, tick) : roundUp(price / ratio, tick);
  const stop = (price: number) => roundNearest(price / ratio, tick);
  order.terms = new OrderTerms({
    ...terms,
    limitPrice: limit(terms.limitPrice),
    stopPrice: stop(terms.stopPrice),
    trail: typeof terms.trail === 'number' ? terms.trail / ratio : terms.trail,
    limitOffset: terms.limitOffset / ratio,
    displayQty: terms.displayQty * ratio,
    stopLoss: stop(terms.stopLoss),
    takeProfit: stop(terms.takeProfit),
    followUps: terms.followUps.map((plan) => splitPlan(plan, ratio)),
  });
  if (resting !== null) {
    resting.limitPrice = limit(resting.limitPrice);
    resting.stopPrice = stop(resting.stopPrice);
    resting.queueAhead *= ratio;
  }
  const left = roundDown((order.qty - order.filledQty) * ratio, lotSize);
  order.filledQty *= ratio;
  order.qty = order.filledQty + left;
  order.expectedQty = Number.isNaN(order.qty) ? order.expectedQty * ratio : order.qty;
}

const PRICES = ['limit', 'stop', 'touch', 'limitOffset', 'stopLoss', 'takeProfit'] as const;

/** An order to be placed later; it is rounded when it is placed. */
function splitPlan(plan: OrderPlan, ratio: number): OrderPlan {
  const { size, options } = plan;
  const changed: { -readonly [Name in keyof OrderOptions]: OrderOptions[Name] } = { ...options };
  for (const name of PRICES) {
    const price = changed[name];
    if (price !== undefined) changed[name] = price / ratio;
  }
  if (typeof changed.trail === 'number') changed.trail /= ratio;
  if (changed.display !== undefined) changed.display *= ratio;
  return {
    ...plan,
    size: typeof size === 'number' ? size * ratio : size,
    ...(options && { options: changed }),
  };
}
