import { DAY } from '@streamscalp/lib/core/time';
import { isLimit } from '@streamscalp/lib/engine/sim/match-bar';
import { ORDER_TRANSITIONS, type Order } from '@streamscalp/lib/trading/order';
import type { EveryOrderRun, FilledOrder } from './every-order-run.ts';

/** What a law found wrong first; undefined when it holds. */
type Breach = string | undefined;

/** Sums of a few hundred fills are right to this share of the largest of them. */
const ROUNDING = 1e-9;

/** A fill's price before slippage lies within its bar; after it, within as much more as the cost model slips. */
function withinBar({ filled, market: { bars }, options }: EveryOrderRun): Breach {
  const slip = options.costs.slippageBps / 10_000 + ROUNDING;
  for (const { fill, order, row } of filled) {
    const { price, ts } = fill;
    if (price >= bars.low[row]! * (1 - slip) && price <= bars.high[row]! * (1 + slip)) continue;
    return `${named(order)} filled at ${price} at ${ts}, in a bar of ${bars.low[row]} to ${bars.high[row]}`;
  }
}

/** Equity at every close is the cash that is left of all fills, and the position at that close. */
function equityIsCashAndPosition(run: EveryOrderRun): Breach {
  const { engine, fills, market, options } = run;
  const { ts, equity } = engine.recorder.curve();
  let cash = options.cash;
  let qty = 0;
  let next = 0;
  for (let i = 0; i < ts.length; i++) {
    for (; fills[next] !== undefined && fills[next]!.ts <= ts[i]!; next++) {
      const fill = fills[next]!;
      cash -= fill.side * fill.qty * fill.price + fill.fee;
      qty += fill.side * fill.qty;
    }
    const value = qty * market.bars.close[i]!;
    const size = Math.abs(cash) + Math.abs(value) + options.cash;
    if (!(Math.abs(equity[i]! - cash - value) <= ROUNDING * size)) {
      return `equity is ${equity[i]} at bar ${i}, fills make it ${cash + value}`;
    }
  }
  if (next !== fills.length) return `${fills.length - next} fills came after the last bar`;
}

function fillsArePosition({ fills, engine }: EveryOrderRun): Breach {
  let qty = 0;
  let traded = 1;
  for (const fill of fills) {
    if (!(fill.qty > 0 && fill.price > 0 && Number.isFinite(fill.qty * fill.price + fill.fee))) {
      return `a fill of ${fill.qty} at ${fill.price} for ${fill.fee}`;
    }
    qty += fill.side * fill.qty;
    traded += fill.qty;
  }
  const held = engine.portfolio.qty[0]!;
  if (Math.abs(held - qty) > ROUNDING * traded) return `${held} held, fills make it ${qty}`;
}

/** The fills of an order add up to what it says has filled, and never to more than its size. */
function neverMoreThanItsSize({ filled, orders }: EveryOrderRun): Breach {
  const sums = new Map<Order, number>();
  for (const { fill, order, qty, filledQty } of filled) {
    const sum = (sums.get(order) ?? 0) + fill.qty;
    sums.set(order, sum);
    if (Math.abs(sum - filledQty) > ROUNDING * sum || sum > qty * (1 + ROUNDING)) {
      return `${named(order)} of ${qty} says ${filledQty} filled, its fills are ${sum}`;
    }
  }
  for (const order of orders) {
    const done = order.status === 'filled';
    if (order.filledQty > 0 !== sums.has(order) || (done && order.filledQty !== order.qty)) {
      return `${named(order)} of ${order.qty} ended with ${order.filledQty} filled`;
    }
  }
}

function reduceOnlyReduces({ filled }: EveryOrderRun): Breach {
  let held = 0;
  for (const { fill, order } of filled) {
    const after = held + fill.side * fill.qty;
    const turns = after * held < -ROUNDING * fill.qty;
    if (order.reduceOnly && (turns || Math.abs(after) > Math.abs(held))) {
      return `${named(order)} took the position from ${held} to ${after}`;
    }
    held = Math.abs(after) <= 1e-12 * fill.qty ? 0 : after;
  }
}

/** Of two orders that cancel each other one has fills; it may have several, in which case it alone goes on. */
function oneOfAGroup({ filled }: EveryOrderRun): Breach {
  const winners = new Map<number, Order>();
  for (const { order } of filled) {
    if (order.group === 0 || order.role !== 'plain') continue;
    const winner = winners.get(order.group) ?? order;
    winners.set(order.group, winner);
    if (winner !== order) return `both ${named(winner)} and ${named(order)} of a group filled`;
  }
}

/** The exits of an entry together close no more than the entry opened. */
function exitsCloseTheirEntry({ filled, orders, entries }: EveryOrderRun): Breach {
  const closed = new Map<number, number>();
  const byId = new Map(orders.map((order) => [order.id, order]));
  const modified = new Set(
    entries.flatMap((entry) => (entry.kind === 'modified' ? [byId.get(entry.orderId)] : [])),
  );
  for (const { fill, order } of filled) {
    if (order.role === 'plain' || modified.has(order)) continue;
    const sum = (closed.get(order.parentId) ?? 0) + fill.qty;
    closed.set(order.parentId, sum);
  }
  for (const [id, sum] of closed) {
    const entry = byId.get(id);
    if (entry !== undefined && sum > entry.filledQty * (1 + ROUNDING)) {
      return `the exits of ${named(entry)} closed ${sum} of ${entry.filledQty}`;
    }
  }
}

function statusesAreLegal({ paths }: EveryOrderRun): Breach {
  for (const [order, path] of paths) {
    let before: Order['status'] = 'initialized';
    for (const status of path) {
      // A change of terms is told of too, and leaves the status as it is.
      const same = status === before && status !== 'initialized';
      if (!same && !ORDER_TRANSITIONS[before].includes(status)) {
        return `${named(order)} went ${path.join(' → ')}`;
      }
      before = status;
    }
    if (before !== order.status) return `${named(order)} is ${order.status}, heard of ${before}`;
  }
}

function openOrdersAreCounted({ openCounts, orders, engine }: EveryOrderRun): Breach {
  const wrong = openCounts.find(([counted, open]) => counted !== open);
  if (wrong !== undefined) return `${wrong[0]} open orders counted, ${wrong[1]} are open`;
  const open = orders.filter((order) => order.open).length;
  const counted = engine.broker.openOrders;
  if (counted !== open) return `${counted} open orders counted at the end, ${open} are open`;
}

/** An order, and a change of one, can be seen in a fill from the next bar on; an exit, from its entry's fill on. */
function nothingFillsBeforeItsTime({ entries }: EveryOrderRun): Breach {
  const since = new Map<number, number>();
  for (const entry of entries) {
    if (entry.kind === 'order' && entry.role === 'plain') since.set(entry.orderId, entry.ts);
    else if (entry.kind === 'modified') since.set(entry.orderId, entry.ts);
    else if (entry.kind === 'fill') {
      const from = since.get(entry.orderId);
      if (from !== undefined && entry.ts <= from) {
        return `order ${entry.orderId} of ${from} filled at ${entry.ts}`;
      }
    }
  }
}

function limitsAreKept({ filled }: EveryOrderRun): Breach {
  for (const { fill, order, limitPrice } of filled) {
    if (!isLimit(order)) continue;
    const worse = order.side * (fill.price - limitPrice);
    if (worse > ROUNDING * fill.price) {
      return `${named(order)} with a limit of ${limitPrice} filled at ${fill.price}`;
    }
  }
}

/** Who waits makes, who comes takes: only a limit order that rested is a maker, and a post-only order is nothing else. */
function makersRest({ filled }: EveryOrderRun): Breach {
  for (const { fill, order } of filled) {
    const maker = fill.liquidity === 'maker';
    if (maker ? !isLimit(order) : order.terms.postOnly) {
      return `${named(order)} filled as a ${fill.liquidity}`;
    }
  }
}

function timeInForceIsKept({ filled, market: { bars } }: EveryOrderRun): Breach {
  const last = new Map<Order, FilledOrder>();
  for (const one of filled) {
    const { order, row } = one;
    const { tif, until } = order.terms;
    const before = last.get(order);
    last.set(order, one);
    if (tif === 'gtd' && bars.openTs[row]! >= until) {
      return `${named(order)} until ${until} filled in the bar of ${bars.openTs[row]}`;
    }
    if (tif === 'day' && dayOf(bars.openTs[row]!) > dayOf(order.createdTs)) {
      return `${named(order)} of ${order.createdTs} filled on the day after`;
    }
    if (before === undefined || tif === 'gtc' || tif === 'day' || tif === 'gtd') continue;
    if (before.row !== row) return `${named(order)} filled in two bars`;
    if (tif === 'fok') return `${named(order)} filled in two parts`;
  }
  for (const { terms, status } of last.keys()) {
    if (terms.tif === 'fok' && status !== 'filled') return `a fok order filled and is ${status}`;
  }
}

/** Our fills in a bar are at most the share of its volume that the run allows. */
function shareOfVolume({ filled, market: { bars }, options }: EveryOrderRun): Breach {
  const { participation } = options;
  if (participation === undefined || participation === null) return undefined;
  const sums = new Map<number, number>();
  for (const { fill, row } of filled) {
    const sum = (sums.get(row) ?? 0) + fill.qty;
    sums.set(row, sum);
    const most = participation * bars.volume[row]!;
    if (sum > most * (1 + ROUNDING))
      return `fills of ${sum} in bar ${row}, which has ${most} for us`;
  }
}

/** No fill takes the position beyond what the leverage carries at the fill's own price. */
function buyingPower({ filled, options }: EveryOrderRun): Breach {
  let cash = options.cash;
  let held = 0;
  for (const { fill, order } of filled) {
    const before = Math.abs(held);
    held += fill.side * fill.qty;
    cash -= fill.side * fill.qty * fill.price + fill.fee;
    const exposure = Math.abs(held) * fill.price;
    const equity = cash + held * fill.price;
    if (Math.abs(held) <= before) continue;
    if (exposure > options.leverage * equity + 1e-6 * options.cash) {
      return `${named(order)} took the exposure to ${exposure} on an equity of ${equity}`;
    }
  }
}

/**
 * Each order that the gate let pass to grow the position was within the limits at the price it was judged by, what was
 * open beside it included; and once trading was stopped for a drawdown, only orders that reduce are let pass.
 */
function limitsOfRisk({ judged, entries, options }: EveryOrderRun): Breach {
  const { maxOrderNotional, maxPositionNotional, maxOpenOrders } = options.limits ?? {};
  const stoppedAt = entries.find(({ kind }) => kind === 'state')?.ts;
  for (const { order, value, exposure, open } of judged) {
    const what = `${named(order)} worth ${value}, ${exposure} with all that is open`;
    if (value > (maxOrderNotional ?? value) * (1 + ROUNDING)) return `${what}, passed its limit`;
    if (exposure > (maxPositionNotional ?? exposure) * (1 + ROUNDING)) return `${what}, passed`;
    if (open > (maxOpenOrders ?? open)) return `${named(order)} is the ${open}th open order`;
    if (stoppedAt !== undefined && order.createdTs > stoppedAt) {
      return `${named(order)} passed after trading was stopped`;
    }
  }
}

export const LAWS: Readonly<Record<string, (run: EveryOrderRun) => Breach>> = {
  'equity is cash and position, as rebuilt from the fills, at every bar': equityIsCashAndPosition,
  'the fills add up to the position': fillsArePosition,
  'a fill lies within its bar, but for slippage': withinBar,
  'an order never fills more than its size': neverMoreThanItsSize,
  'a reduce-only order reduces, and never turns': reduceOnlyReduces,
  'one order of a group that cancel each other fills': oneOfAGroup,
  'the exits of an entry close no more than it opened': exitsCloseTheirEntry,
  'every order goes a legal way': statusesAreLegal,
  'the count of open orders is that of the orders that are open': openOrdersAreCounted,
  'nothing fills before the bar after it was ordered or changed': nothingFillsBeforeItsTime,
  'no limit order fills beyond its limit': limitsAreKept,
  'makers are limit orders, and post-only orders makers': makersRest,
  'no order outlives its time in force': timeInForceIsKept,
  'fills are at most their share of a bar’s volume': shareOfVolume,
  'no fill asks for more than the leverage carries': buyingPower,
  'no order that grows the position passes a limit of risk': limitsOfRisk,
};

/** The laws that a run breaks, each with its first breach. */
export function breaches(run: EveryOrderRun): string[] {
  return Object.entries(LAWS).flatMap(([law, holds]) => {
    const breach = holds(run);
    return breach === undefined ? [] : [`${law}: ${breach}`];
  });
}

const dayOf = (ts: number) => Math.floor(ts / DAY);

function named({ id, type, role, terms: { tif } }: Order): string {
  return `order ${id} (${role === 'plain' ? type : role}, ${tif})`;
}
