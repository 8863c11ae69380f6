import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { describe, expect, it } from 'vitest';

const none = Number.NaN;
const entries: LedgerEntry[] = [
  { kind: 'state', ts: 1, state: 'HALTED', reason: 'because' },
  ...(['stop', 'market', 'trailingStopLimit'] as const).map(
    (type, i): LedgerEntry => ({
      kind: 'order',
      ts: i + 0.25,
      orderId: i,
      instrument: i,
      side: i === 1 ? 'sell' : 'buy',
      type,
      qty: i === 0 ? none : 1 / 3,
      fraction: i === 0 ? 0.95 : none,
      limitPrice: i === 1 ? Number.POSITIVE_INFINITY : none,
      stopPrice: 5e-324,
      tif: i === 2 ? 'gtd' : 'gtc',
      reduceOnly: i === 1,
      postOnly: i === 2,
      role: i === 1 ? 'takeProfit' : 'plain',
      parentId: i,
    }),
  ),
  { kind: 'denied', ts: 2, orderId: 9, rule: 'quantity', limit: 0, found: none },
  ...(['maker', 'taker'] as const).map(
    (liquidity, i): LedgerEntry => ({
      kind: 'fill',
      ts: 3,
      orderId: 8,
      instrument: 2,
      side: i === 0 ? 'sell' : 'buy',
      qty: 0.1 + 0.2,
      price: 1e300,
      fee: -0.5,
      liquidity,
      left: i,
    }),
  ),
];

describe('a memory ledger', () => {
  it('gives back every entry to the last bit, in order, while it grows', () => {
    const ledger = new MemoryLedger();
    const appended: LedgerEntry[] = [];
    for (let i = 0; i < 40; i++) {
      for (const entry of entries) {
        ledger.append(entry);
        appended.push(entry);
      }
      if (i % 13 === 0) expect(ledger.entries).toEqual(appended);
    }
    expect(ledger.entries).toEqual(appended);
  });
});
