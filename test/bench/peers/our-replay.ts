import { backtestBook, defineInstrument, latencies, percentCosts, queues } from '@streamscalp/lib';
import { twoQuotes } from '../../engine/book/two-quotes.ts';
import { readDepth } from './depth.ts';
import type { Proof } from './proof.ts';
import type { Performance } from './serve.ts';
import type { Work } from './work.ts';

/** Our half of the replay of depth, as a user would write it. */
export function replayWork(folder: string, work: Work): Performance {
  const [tickSize = 0, lot = 0, latency = 0, away = 0, most = 0, makerRate = 0] = work.configs[0]!;
  const feed = readDepth(folder, work.rows);
  const replay = () =>
    backtestBook({
      instrument: defineInstrument({
        symbol: 'BTC/USDT',
        venue: 'binance',
        tickSize,
        lotSize: lot,
      }),
      feed,
      strategy: twoQuotes,
      params: { lot, away, most },
      costs: { ...percentCosts(work.fee), makerRate },
      cash: work.cash,
      latency: { order: latencies.constant(latency), response: latencies.constant(latency) },
      queue: queues.square,
      // As hftbacktest does, so that both do the same work.
      selfTrade: 'allow',
    });
  return {
    run: replay,
    prove(): Proof {
      const { fills, fromTs, equity, position } = replay();
      const rows = fills
        .toSorted((a, b) => a.ts - b.ts || a.side - b.side)
        .flatMap(({ ts, side, price, liquidity }) => [
          side * (liquidity === 'maker' ? 1 : 2),
          Math.round((ts - fromTs) * 1000),
          Math.round(price / tickSize),
        ]);
      return {
        rows: Int32Array.from(rows),
        values: Float64Array.of(equity - work.cash, Math.round(position / lot)),
      };
    },
  };
}
