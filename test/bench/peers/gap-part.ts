import {
  backtest,
  defineInstrument,
  defineStrategy,
  loadStrategy,
  memoryFeed,
  percentCosts,
  runSweep,
  sma,
  z,
} from '@streamscalp/lib';
import { readColumns } from './columns.ts';
import type { GapPart } from './gap.ts';
import { serve, workOfProcess } from './serve.ts';

/* W1 with a part of what it does: `node gap-part.js FOLDER WORK.json PART`. */

const { folder, work } = workOfProcess();
const part = process.argv[4] as GapPart;
const bars = readColumns(folder, work.rows);
const [fast = 0, slow = 0] = work.configs[0]!;

const idle = defineStrategy({
  name: 'idle',
  params: z.object({}),
  create: () => ({ onBar() {} }),
});

const reads = defineStrategy({
  name: 'reads',
  params: z.object({}),
  create(_params, { close }) {
    const quick = close(sma(fast));
    const steady = close(sma(slow));
    let above = 0;
    return {
      onBar() {
        if (quick.value > steady.value) above++;
      },
      onFill: () => void above,
    };
  },
});

/** Entries that nobody will read. */
const forgetful = { append() {}, order() {}, fill() {}, async flush() {} };

const crosses = await loadStrategy('sma-cross');
const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
const run = { costs: percentCosts(work.fee), cash: work.cash };
const alone = { ...run, feed: memoryFeed(instrument, '1m', bars) };
const params = { fast, slow, fraction: 1 };
const limits = { maxGrossExposure: 2 };

/** Configs with the same averages, so that one more shares them. */
function sweep(count: number): () => Promise<unknown> {
  const configs = Array.from({ length: count }, (_, i) => ({ ...params, fraction: 1 - i / 1000 }));
  const ground = { strategy: crosses, instrument, timeframe: '1m', bars, configs, workers: 1 };
  return () => runSweep({ ...run, ...ground, limits });
}

const WORK: Readonly<Record<GapPart, () => Promise<unknown>>> = {
  idle: () => backtest({ ...alone, strategy: idle, ledger: forgetful }),
  reads: () => backtest({ ...alone, strategy: reads, ledger: forgetful }),
  orders: () => backtest({ ...alone, strategy: crosses, params, ledger: forgetful }),
  limits: () => backtest({ ...alone, strategy: crosses, params, ledger: forgetful, limits }),
  ledger: () => backtest({ ...alone, strategy: crosses, params, limits }),
  'sweep of 5': sweep(5),
  'sweep of 15': sweep(15),
};

await serve(part, {
  run: WORK[part],
  prove() {
    throw new Error('a part proves nothing');
  },
});
