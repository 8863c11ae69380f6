import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import type { RunTable } from '@streamscalp/live/ledger/schema';

export const knownRun: RunTable = {
  run_id: 'paper-known',
  passport_id: 'known',
  strategy: 'known',
  venue: 'sample',
  symbol: 'SYN/USD',
  timeframe: '1m',
  cash: 1000,
  from_ts: 0,
  started_ts: 0,
};

/** Entry number `seq` of a sequence in which no two are equal and no price is a short decimal. */
export function knownEntry(seq: number): LedgerEntry {
  const side = seq % 2 === 0 ? 'sell' : 'buy';
  const trade = { ts: seq, orderId: (seq + 1) >> 1, instrument: 0, side } as const;
  return seq % 4 < 2
    ? {
        kind: 'fill',
        ...trade,
        qty: 1 / 3,
        price: 100 + Math.sqrt(seq),
        fee: 0.1,
        liquidity: 'taker',
        left: 0,
      }
    : {
        kind: 'order',
        ...trade,
        type: 'market',
        qty: Number.NaN,
        fraction: 1 / seq,
        limitPrice: Number.NaN,
        stopPrice: Number.NaN,
        tif: 'gtc',
        reduceOnly: false,
        postOnly: false,
        role: 'plain',
        parentId: 0,
      };
}
