import type { Store } from '@streamscalp/lib/store/store';
import { bookHash, type SimulatedMarket } from './simulated-market.ts';

const SPOT = { venue: 'binance', symbol: 'BTC/USDT' } as const;

/** What a recording has of a market's prints from its first to its last one. */
export interface HeldTrades {
  readonly rows: number;
  /** Ids that are missing, twice there, or not as the market printed them. */
  readonly wrong: readonly number[];
  readonly lastTs: number;
}

export async function heldTrades(store: Store, market: SimulatedMarket): Promise<HeldTrades> {
  const wrong: number[] = [];
  let rows = 0;
  let at = Number.NaN;
  let lastTs = Number.NaN;
  for await (const page of store.stream('trades', SPOT)) {
    for (let i = 0; i < page.id.length; i++) {
      if (Number.isNaN(at)) at = market.trades.findIndex(({ id }) => id === page.id[i]);
      const trade = market.trades[at++];
      const same =
        trade !== undefined &&
        trade.id === page.id[i] &&
        trade.ts === page.ts[i] &&
        Number(trade.price) === page.price[i] &&
        Number(trade.qty) === page.qty[i] &&
        (trade.buyerIsMaker ? -1 : 1) === page.aggressor[i];
      if (!same) wrong.push(page.id[i]!);
      lastTs = page.ts[i]!;
      rows++;
    }
  }
  return { rows, wrong, lastTs };
}

/** Plays the recorded rows and holds the book against the market's own behind each update. */
export async function heldBooks(
  store: Store,
  market: SimulatedMarket,
): Promise<{ readonly compared: number; readonly wrong: readonly number[] }> {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const wrong: number[] = [];
  let compared = 0;
  let open = Number.NaN;
  const compare = () => {
    if (Number.isNaN(open)) return;
    compared++;
    if (market.books.get(open) !== bookHash(bids, asks)) wrong.push(open);
  };
  for await (const page of store.stream('book', SPOT)) {
    for (let i = 0; i < page.ts.length; i++) {
      const emptied = page.event[i] === 0;
      if (emptied || page.seq[i] !== open) compare();
      if (emptied) {
        bids.clear();
        asks.clear();
        open = Number.NaN;
        continue;
      }
      open = page.seq[i]!;
      const side = page.side[i] === 1 ? bids : asks;
      if (page.qty[i] === 0) side.delete(page.price[i]!);
      else side.set(page.price[i]!, page.qty[i]!);
    }
  }
  compare();
  return { compared, wrong };
}
