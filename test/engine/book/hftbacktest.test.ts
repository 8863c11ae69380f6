import { readFileSync } from 'node:fs';
import {
  backtestBook,
  costs,
  defineInstrument,
  latencies,
  queues,
  readBinanceCapture,
} from '@streamscalp/lib';
import type { QueueModel } from '@streamscalp/lib/engine/sim/book/queue-models';
import { describe, expect, it } from 'vitest';
import { hasSharedData, PROJECT_ROOT, sharedData } from '../../support/shared-data.ts';
import { twoQuotes } from './two-quotes.ts';

interface Case {
  readonly market: 'usdm' | 'spot';
  readonly queue: string;
  readonly latency: readonly [order: number, response: number];
  readonly away: number;
  readonly most: number;
  readonly rows: number;
  readonly startTs: number;
  readonly sides: string;
  readonly makers: string;
  readonly tsSteps: readonly number[];
  readonly tickSteps: readonly number[];
}

/** Written by golden/hftbacktest_fills.py with hftbacktest 2.4.4; see there for the command. */
const CASES = JSON.parse(
  readFileSync(`${PROJECT_ROOT}test/engine/book/golden/hftbacktest_fills.json`, 'utf8'),
) as readonly Case[];

const MARKETS = {
  usdm: { tickSize: 0.1, lotSize: 0.001 },
  spot: { tickSize: 0.01, lotSize: 0.00001 },
};

function queueOf(name: string): QueueModel {
  if (name === 'risk-averse') return queues.riskAverse;
  return name === 'log' ? queues.log : queues.power(Number(name));
}

const reads = new Map<string, ReturnType<typeof readBinanceCapture>>();
function captureOf(market: Case['market']) {
  const path = sharedData(`ticks_l2/hftbacktest_${market}_btcusdt_20240808.gz`);
  const { tickSize } = MARKETS[market];
  if (!reads.has(market)) reads.set(market, readBinanceCapture(path, { market, tickSize }));
  return reads.get(market)!;
}

/** `b m 12345 618002`: side, maker or taker, milliseconds from the start, ticks. One line a fill. */
function expected({ sides, makers, tsSteps, tickSteps }: Case): string[] {
  let ts = 0;
  let tick = 0;
  return tsSteps.map((step, i) => {
    ts += step;
    tick += tickSteps[i]!;
    return `${sides[i]} ${makers[i]} ${ts} ${tick}`;
  });
}

describe.skipIf(!hasSharedData)(
  'fills on a recorded book, against hftbacktest (needs ../shared/data)',
  () => {
    it.each(CASES)(
      '$market, $queue queue, latency $latency, $away ticks away: the same fills',
      async (given) => {
        const { market, latency, away, most, startTs } = given;
        const { tickSize, lotSize } = MARKETS[market];
        const { columns } = await captureOf(market);
        expect(columns.ev.length).toBe(given.rows);
        const result = backtestBook({
          instrument: defineInstrument({ symbol: 'BTC/USDT', venue: 'binance', tickSize, lotSize }),
          feed: columns,
          strategy: twoQuotes,
          params: { lot: lotSize, away, most },
          costs: costs.free,
          latency: {
            order: latencies.constant(latency[0]),
            response: latencies.constant(latency[1]),
          },
          queue: queueOf(given.queue),
        });
        expect(result.fromTs).toBe(startTs);
        expect(result.fills.every(({ qty }) => qty === lotSize)).toBe(true);
        const found = result.fills
          .toSorted((a, b) => a.ts - b.ts || a.side - b.side)
          .map(
            ({ ts, side, price, liquidity }) =>
              `${side === 1 ? 'b' : 's'} ${liquidity[0]} ${ts - startTs} ${Math.round(price / tickSize)}`,
          );
        expect(found).toEqual(expected(given));
      },
    );
  },
);
