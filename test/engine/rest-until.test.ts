import {
  isLimit,
  priceAtOpen,
  reach,
  wakesAtOpen,
  wakesInside,
} from '@streamscalp/lib/engine/sim/match-bar';
import { restUntil } from '@streamscalp/lib/engine/sim/rest-until';
import type { Bar, BarColumns } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { Order } from '@streamscalp/lib/trading/order';
import type { OrderType } from '@streamscalp/lib/trading/order-options';
import { OrderTerms } from '@streamscalp/lib/trading/order-terms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const ROWS = 60;

function barAt(columns: BarColumns, row: number): Bar {
  const { openTs, closeTs, open, high, low, close, volume } = columns;
  return {
    openTs: openTs[row]!,
    closeTs: closeTs[row]!,
    open: open[row]!,
    high: high[row]!,
    low: low[row]!,
    close: close[row]!,
    volume: volume[row]!,
  };
}

function resting(type: OrderType, side: 1 | -1, price: number, awake: boolean): Order {
  const terms = new OrderTerms({ type, limitPrice: price, stopPrice: price });
  const order = new Order(1, 0, side, 1, terms, 'plain', 0, 0);
  order.become('submitted');
  order.become('accepted');
  order.resting!.awake = awake;
  order.resting!.rested = awake;
  return order;
}

/** Whether the bar does anything to it. */
function moves(order: Order, bar: Bar, tick: number): boolean {
  if (!order.resting!.awake) return wakesAtOpen(order, bar.open) || wakesInside(order, bar);
  if (!isLimit(order)) return true;
  return !Number.isNaN(priceAtOpen(order, bar.open)) || reach(order, bar, tick) !== 'short';
}

describe('orders rest', () => {
  it('until the first bar that may move one of them, and not for long before it', () => {
    const some = fc.record({
      type: fc.constantFrom<OrderType>(
        'limit',
        'stop',
        'stopLimit',
        'marketIfTouched',
        'limitIfTouched',
      ),
      side: fc.constantFrom<1 | -1>(1, -1),
      away: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      onPrice: fc.option(fc.integer({ min: 0, max: ROWS - 1 })),
      awake: fc.boolean(),
    });
    const tick = 0.01;
    let looked = 0;
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 3 }), fc.nat(50), (wanted, seed) => {
        const bars = syntheticBars({ seed, startTs: 0, rows: ROWS });
        const orders = wanted.map(({ type, side, away, onPrice, awake }) => {
          const price = onPrice === null ? bars.close[0]! * (1 + away) : bars.low[onPrice]!;
          return resting(type, side, price, type === 'limit' || (awake && type !== 'stop'));
        });
        const row = restUntil(orders, 'through', bars, 0, ROWS);
        const first = Array.from({ length: ROWS }, (_, at) => barAt(bars, at)).findIndex((bar) =>
          orders.some((order) => moves(order, bar, tick)),
        );
        expect(row).toBeLessThanOrEqual(first < 0 ? ROWS : first);
        const waiting = orders.every((order) => !order.resting!.awake || isLimit(order));
        // A bar too many is looked at only where a price is as good as reached.
        if (waiting && first > 0) looked += first - row;
      }),
      { seed: 4, numRuns: 2000 },
    );
    expect(looked).toBeLessThan(20);
  });

  it('not at all while the venue has not accepted one, or one trails or runs out', () => {
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: ROWS });
    const far = resting('limit', 1, 1e-6, true);
    expect(restUntil([far], 'through', bars, 3, ROWS)).toBe(ROWS);
    expect(restUntil([far], 'queue', bars, 3, ROWS)).toBe(3);
    const unanswered = new Order(2, 0, 1, 1, far.terms, 'plain', 0, 0);
    unanswered.become('submitted');
    const today = new OrderTerms({ type: 'limit', limitPrice: 1e-6, tif: 'day' });
    const trailing = new OrderTerms({
      type: 'trailingStop',
      stopPrice: 1e6,
      trail: 1,
    });
    for (const terms of [today, trailing]) {
      const order = new Order(3, 0, 1, 1, terms, 'plain', 0, 0);
      order.become('submitted');
      order.become('accepted');
      order.resting!.rested = true;
      expect(restUntil([far, order], 'through', bars, 3, ROWS)).toBe(3);
    }
    expect(restUntil([far, unanswered], 'through', bars, 3, ROWS)).toBe(3);
  });
});
