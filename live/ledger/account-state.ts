import type { Millis } from '@streamscalp/lib/core/time';
import { Fill } from '@streamscalp/lib/trading/fill';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { Portfolio } from '@streamscalp/lib/trading/portfolio';

/** What a run's entries add up to. */
export interface AccountState {
  /** Signed units held, by instrument. */
  readonly positions: readonly number[];
  /** Where everything is of one currency; else the progress of a run tells it. */
  readonly cash: number;
  /** Paid so far, in quote currency. */
  readonly fees: number;
  readonly orders: number;
  /** Orders that may still fill. */
  readonly openOrders: number;
  readonly fills: number;
  readonly denied: number;
  /** The trading state last entered. */
  readonly trading: string;
  /** Time of the last entry; NaN when there is none. */
  readonly lastTs: Millis;
}

/**
 * Folds entries into the state of the account. Fills go through the engine's own Portfolio, so that cash and positions
 * equal the running engine's to the last bit.
 */
export function foldEntries(
  cash: number,
  instruments: number,
  entries: Iterable<LedgerEntry>,
): AccountState {
  const portfolio = new Portfolio(cash, instruments);
  const open = new Set<number>();
  let orders = 0;
  let fills = 0;
  let denied = 0;
  let trading = 'ACTIVE';
  let lastTs = Number.NaN;
  for (const entry of entries) {
    lastTs = entry.ts;
    switch (entry.kind) {
      case 'order':
        orders++;
        open.add(entry.orderId);
        break;
      case 'denied':
        denied++;
        open.delete(entry.orderId);
        break;
      case 'fill':
        fills++;
        if (entry.left === 0) open.delete(entry.orderId);
        portfolio.apply(fillOf(entry));
        break;
      case 'ended':
        open.delete(entry.orderId);
        break;
      case 'cash':
        portfolio.book(entry);
        break;
      case 'split':
        portfolio.split(entry.instrument, entry.ratio, entry.qty);
        break;
      case 'modified':
        break;
      case 'state':
        trading = entry.state;
        break;
    }
  }
  return {
    positions: [...portfolio.qty],
    cash: portfolio.cash,
    fees: portfolio.fees,
    orders,
    openOrders: open.size,
    fills,
    denied,
    trading,
    lastTs,
  };
}

function fillOf(entry: LedgerEntry & { kind: 'fill' }): Fill {
  const { ts, instrument, orderId, qty, price, fee, liquidity } = entry;
  return new Fill(
    ts,
    instrument,
    orderId,
    entry.side === 'buy' ? 1 : -1,
    qty,
    price,
    fee,
    liquidity,
  );
}
