import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  atr,
  type BacktestResult,
  backtest,
  bollinger,
  defineInstrument,
  loadStrategy,
  macd,
  memoryFeed,
  percentCosts,
  rsi,
  runSweep,
  sma,
} from '@streamscalp/lib';
import { PROJECT_ROOT } from '../../support/shared-data.ts';
import { readColumns } from './columns.ts';
import { coldWork } from './our-cold.ts';
import { replayWork } from './our-replay.ts';
import type { Proof } from './proof.ts';
import { type Performance, serve, workOfProcess } from './serve.ts';

/* Our half, as a user would write it: backtest() for one run, runSweep() for many. */

const MINUTE = 60_000;
const { folder, work } = workOfProcess();
const bars = readColumns(folder, work.kind === 'quotes' ? 0 : work.rows);

const FILES = {
  cross: 'strategies/sma-cross.ts',
  unit: 'test/bench/strategies/unit-cross.ts',
  bracket: 'test/bench/strategies/bracket-cross.ts',
  cells: 'test/bench/strategies/alternate.ts',
} as const;

function paramsOf([first = 0, second = 0]: readonly number[]): Record<string, number> {
  if (work.kind === 'cells') return { units: first };
  const pair = { fast: first, slow: second };
  return work.kind === 'cross' ? { ...pair, fraction: 1 } : pair;
}

async function strategyWork(kind: keyof typeof FILES): Promise<Performance> {
  const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
  const strategy = await loadStrategy(join(PROJECT_ROOT, FILES[kind]));
  const configs = work.configs.map(paramsOf);
  const { cash } = work;
  const costs = percentCosts(work.fee);
  const feed = memoryFeed(instrument, '1m', bars);
  const alone = {
    feed,
    strategy,
    costs,
    cash,
    limits: { maxGrossExposure: 2 },
    fills: 'touch',
  } as const;
  const single = (params: Record<string, number>) => backtest({ ...alone, params });
  const sweep = () => runSweep({ ...alone, configs, instrument, timeframe: '1m', bars });
  const many = configs.length > 1;
  return {
    run: async () => {
      if (many) return (await sweep()).trials.length;
      const { trades, equity, metrics } = await single(configs[0]!);
      return trades.length + equity.value.length + metrics.fees;
    },
    async prove() {
      // A sweep keeps no trades: each config is run again alone, and must have traded and paid the same.
      const trials = new Map(
        many ? (await sweep()).trials.map(({ params, metrics }) => [key(params), metrics]) : [],
      );
      const proofs: Proof[] = [];
      for (const [config, params] of configs.entries()) {
        const result = await single(params);
        const trial = trials.get(key(params));
        assert.equal(many, trial !== undefined);
        if (trial) {
          assert.equal(trial.trades, result.trades.length);
          assert.equal(trial.fees, result.metrics.fees);
        }
        proofs.push(proofOf(config, result));
      }
      return {
        rows: Int32Array.from(proofs.flatMap(({ rows }) => [...rows])),
        values: Float64Array.from(proofs.flatMap(({ values }) => [...values])),
      };
    },
  };
}

function key(params: object): string {
  return JSON.stringify(Object.entries(params).sort());
}

function proofOf(config: number, { trades, equity }: BacktestResult): Proof {
  const rows = new Int32Array(3 * trades.length);
  trades.forEach(({ openTs, closeTs }, i) => {
    rows.set([config, Math.floor(openTs / MINUTE), Math.floor(closeTs / MINUTE)], 3 * i);
  });
  return { rows, values: equity.value.slice(-1) };
}

const SPECS = {
  sma20: sma(20),
  rsi14: rsi(14),
  macd: macd(12, 26, 9),
  bollinger: bollinger(20, 2),
  atr14: atr(14),
} as const;

function indicatorWork(name: keyof typeof SPECS): Performance {
  const spec = SPECS[name];
  const compute = () => {
    const lines = spec.lines.map(() => new Float64Array(work.rows));
    if (spec.input === 'bar') spec.create().batch(bars, 0, work.rows, lines);
    else spec.create().batch(bars.close, 0, work.rows, lines);
    return lines;
  };
  return {
    run: compute,
    prove: () => ({
      rows: new Int32Array(0),
      values: Float64Array.from(compute().flatMap((line) => [...line.subarray(work.firstRow)])),
    }),
  };
}

async function performance(): Promise<Performance> {
  const { kind, indicator } = work;
  if (kind === 'quotes') return replayWork(folder, work);
  if (kind === 'cold') return coldWork(bars, work);
  if (kind === 'indicator') return indicatorWork(indicator as keyof typeof SPECS);
  return strategyWork(kind);
}

await serve(`Node ${process.version}`, await performance());
