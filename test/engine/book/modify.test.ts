import type { BookContext, BookOrder, BookStrategy } from '@streamscalp/lib';
import { BUY, DEPTH, SELL, TRADE } from '@streamscalp/lib/market/depth-columns';
import { describe, expect, it } from 'vitest';
import { OPENING, type Row, run, T } from './by-hand.ts';

/*
 * Rows are seen 1 ms after they happened; an order travels 10 ms, an answer 3 ms. The first is placed at 1 ms, stands at
 * 11 and is heard of at 14; what is asked for at 101 ms reaches the venue at 111, and is heard of at 114.
 */
const LATER: readonly Row[] = [
  [100, DEPTH | BUY, 90, 1],
  [300, DEPTH | BUY, 90, 2],
  [1000, DEPTH | BUY, 90, 3],
];

/** Buys 2 at 99 at 1 ms, and does this from 101 ms on. */
function quoter(then: (ctx: BookContext, order: BookOrder) => void): {
  strategy: BookStrategy;
  orders: BookOrder[];
  seen: string[];
} {
  const orders: BookOrder[] = [];
  const seen: string[] = [];
  const strategy: BookStrategy = {
    onBook(ctx) {
      if (orders.length === 0) orders.push(ctx.buy(2, { limit: 99 }));
      else if (ctx.now >= T + 100) then(ctx, orders[0]!);
    },
    onOrder: ({ status, qty, limitPrice }, ctx) =>
      void seen.push(`${ctx.now - T} ${status} ${qty}@${limitPrice}`),
    onFill: ({ qty, price }, _order, ctx) => void seen.push(`${ctx.now - T} fill ${qty}@${price}`),
  };
  return { strategy, orders, seen };
}

const once = (act: (ctx: BookContext, order: BookOrder) => void) => {
  let done = false;
  return quoter((ctx, order) => {
    if (!done) act(ctx, order);
    done = true;
  });
};

describe('a change on its way to the venue', () => {
  it('is in force when the venue hears of it, and known when its answer is heard', () => {
    const answers: boolean[] = [];
    const { strategy, seen } = once((ctx, order) => {
      answers.push(ctx.modify(order, { limit: 100 }), ctx.modify(order, { limit: 98 }));
      seen.push(`${order.limitPrice}`);
    });
    // At 109 ms 1 trades at 100, where the order is not yet; at 112 ms it is first there.
    const prints: Row[] = [
      [109, TRADE | SELL, 100, 1],
      [112, TRADE | SELL, 100, 0.5],
    ];
    run([...OPENING, LATER[0]!, ...prints, ...LATER.slice(1)], strategy);
    expect(answers).toEqual([true, false]);
    expect(seen).toEqual(['14 accepted 2@99', '99', '114 accepted 2@100', '115 fill 0.5@100']);
  });

  it('comes too late for what filled before', () => {
    const { strategy, seen, orders } = once((ctx, order) => void ctx.modify(order, { qty: 1 }));
    run([...OPENING, LATER[0]!, [105, TRADE | SELL, 98, 1], ...LATER.slice(1)], strategy);
    expect(seen).toEqual(['14 accepted 2@99', '108 fill 2@99']);
    expect(orders[0]).toMatchObject({ status: 'filled', qty: 2, filledQty: 2, changing: false });
  });

  it('passes the gate without counting the order itself, and not beyond a limit', () => {
    const answers: boolean[] = [];
    const { strategy, orders } = quoter((ctx, order) => {
      // 4 · 99 are within 500 and 6 · 99 are not, though 2 · 99 stand already.
      answers.push(ctx.modify(order, { qty: answers.length === 0 ? 4 : 6 }));
    });
    run([...OPENING, ...LATER], strategy, { limits: { maxOrderNotional: 500 } });
    expect(answers).toEqual([true, false, false]);
    expect(orders[0]!.qty).toBe(4);
  });

  it('is refused when no order can become it', () => {
    for (const change of [{ qty: 0 }, { limit: 0 }, { limit: Number.NaN }]) {
      const { strategy } = once((ctx, order) => void ctx.modify(order, change));
      expect(() => run([...OPENING, ...LATER], strategy)).toThrow(
        /the order is to become .* give a size/,
      );
    }
  });
});
