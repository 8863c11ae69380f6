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
import { largeQuotes } from './large-quotes.ts';
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

interface PartsCase extends Pick<Case, 'market' | 'queue' | 'latency' | 'sides' | 'tickSteps'> {
  readonly lots: number;
  readonly stepSteps: readonly number[];
  readonly filled: readonly number[];
}

/** Written by golden/hftbacktest_fills.py with hftbacktest 2.4.4; see there for the command. */
const GOLDEN = JSON.parse(
  readFileSync(`${PROJECT_ROOT}test/engine/book/golden/hftbacktest_fills.json`, 'utf8'),
) as { readonly oneLot: readonly Case[]; readonly parts: readonly PartsCase[] };

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

/** What a case and its capture fix, whatever the strategy. */
async function assumptionsOf({
  market,
  latency,
  queue,
}: Pick<Case, 'market' | 'latency' | 'queue'>) {
  return {
    instrument: defineInstrument({ symbol: 'BTC/USDT', venue: 'binance', ...MARKETS[market] }),
    feed: (await captureOf(market)).columns,
    costs: costs.free,
    cash: 1e9,
    latency: { order: latencies.constant(latency[0]), response: latencies.constant(latency[1]) },
    queue: queueOf(queue),
    // hftbacktest has no risk gate: its unwinding orders pass its own quotes.
    selfTrade: 'allow' as const,
  };
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
    it.each(GOLDEN.oneLot)(
      '$market, $queue queue, latency $latency, $away ticks away: the same fills',
      async (given) => {
        const { market, away, most, startTs } = given;
        const { tickSize, lotSize } = MARKETS[market];
        const { columns } = await captureOf(market);
        expect(columns.ev.length).toBe(given.rows);
        const result = backtestBook({
          ...(await assumptionsOf(given)),
          strategy: twoQuotes,
          params: { lot: lotSize, away, most },
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

    /** `step side tick lots`, as found and as hftbacktest has it. */
    async function partsOf(given: PartsCase): Promise<{ found: string[]; wanted: string[] }> {
      const found: string[] = [];
      const strategy = largeQuotes(([step, side, tick, lots]) => {
        found.push(`${step} ${side === 1 ? 'b' : 's'} ${tick} ${lots}`);
      });
      const { lotSize } = MARKETS[given.market];
      const params = { lot: lotSize, lots: given.lots };
      backtestBook({ ...(await assumptionsOf(given)), strategy, params });
      let step = 0;
      let tick = 0;
      const wanted = given.filled.map((lots, i) => {
        step += given.stepSteps[i]!;
        tick += given.tickSteps[i]!;
        return `${step} ${given.sides[i]} ${tick} ${lots}`;
      });
      return { found, wanted };
    }

    it.each(GOLDEN.parts.filter(({ queue }) => queue === 'risk-averse'))(
      '$market, $queue queue, quotes of $lots lots: the same parts of the same quotes, step by step',
      async (given) => {
        const { found, wanted } = await partsOf(given);
        expect(found).toEqual(wanted);
        expect(given.filled.filter((lots) => lots < given.lots).length).toBeGreaterThan(50);
      },
    );

    it.each(GOLDEN.parts.filter(({ queue }) => queue !== 'risk-averse'))(
      '$market, power $queue queue: the same parts until cancellations put its place below 0 and fill it; we get less',
      async (given) => {
        const { found, wanted } = await partsOf(given);
        const first = wanted.findIndex((row, i) => row !== found[i]);
        expect(first).toBeGreaterThan(60);
        const [ours, theirs] = [found, wanted].map((rows) => rows[first]!.split(' '));
        expect(ours!.slice(0, 3)).toEqual(theirs!.slice(0, 3));
        expect(Number(ours![3])).toBeLessThan(Number(theirs![3]));
      },
    );
  },
);
