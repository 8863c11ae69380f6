import { Fill } from '@streamscalp/lib/trading/fill';
import { fillEntry, type LedgerEntry, orderEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { Order } from '@streamscalp/lib/trading/order';
import { OrderTerms } from '@streamscalp/lib/trading/order-terms';
import { EquityShare } from '@streamscalp/lib/trading/size';
import { describe, expect, it } from 'vitest';

const others: LedgerEntry[] = [
  { kind: 'state', ts: 1, state: 'HALTED', reason: 'because' },
  { kind: 'denied', ts: 2, orderId: 9, rule: 'quantity', limit: 0, found: Number.NaN },
];

const orders = [
  new Order(7, 1, 1, new EquityShare(0.95), new OrderTerms({}), 'plain', 0, 1.25),
  new Order(
    8,
    2,
    -1,
    1 / 3,
    new OrderTerms({ type: 'limit', limitPrice: 1e300, reduceOnly: true, postOnly: true }),
    'takeProfit',
    7,
    2,
  ),
  new Order(
    9,
    0,
    1,
    1e-9,
    new OrderTerms({ type: 'trailingStopLimit', stopPrice: 5e-324, tif: 'gtd', until: 9 }),
    'stopLoss',
    8,
    3,
  ),
];

const fills = (['maker', 'taker'] as const).map(
  (liquidity, i) => new Fill(3.5, i, 8, i === 0 ? -1 : 1, 0.1 + 0.2, 1e300, -0.5, liquidity),
);

describe('a memory ledger', () => {
  it('gives back every entry to the last bit, in order, while it grows', () => {
    const ledger = new MemoryLedger();
    const appended: LedgerEntry[] = [];
    for (let i = 0; i < 200; i++) {
      for (const entry of others) {
        ledger.append(entry);
        appended.push(entry);
      }
      for (const order of orders) {
        ledger.order(order);
        appended.push(orderEntry(order));
        for (const fill of fills) {
          ledger.fill(fill, order);
          appended.push(fillEntry(fill, order));
        }
      }
      if (i % 67 === 0) expect(ledger.entries).toEqual(appended);
    }
    expect(ledger.entries).toEqual(appended);
  });

  it('keeps what an order was when it was written down', () => {
    const ledger = new MemoryLedger();
    const order = new Order(1, 0, 1, 2, new OrderTerms({}), 'plain', 0, 1);
    const before = orderEntry(order);
    ledger.order(order);
    order.modify(5, new OrderTerms({ type: 'limit', limitPrice: 3 }));
    expect(ledger.entries).toEqual([before]);
  });
});
