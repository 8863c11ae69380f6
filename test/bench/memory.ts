import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  backtest,
  defineInstrument,
  openStore,
  percentCosts,
  syntheticBars,
  tradesFeed,
} from '@streamscalp/lib';
import { DAY } from '@streamscalp/lib/core/time';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { syntheticTicks } from '@streamscalp/lib/market/synthetic-ticks';
import { type Bench, peakRssMb } from './bench.ts';

const DAYS = 30;
/** Made-up one-minute bars are read as six a second, so that a day has as many prints as a busy market. */
const BARS_PER_DAY = 20_000;
const instrument = defineInstrument({ symbol: 'TICKS', venue: 'bench', synthetic: true });

/** Trades of one made-up day after the other. */
async function fillStore(): Promise<number> {
  const store = await openStore();
  let rows = 0;
  for (let day = 0; day < DAYS; day++) {
    const bars = syntheticBars({ seed: day, startTs: 0, rows: BARS_PER_DAY });
    const { ts, ...rest } = syntheticTicks(bars, day);
    const squeezed = ts.map((at) => day * DAY + at * (DAY / bars.closeTs[BARS_PER_DAY - 1]!));
    const id = Float64Array.from(ts, (_, i) => i);
    await store.append('trades', instrument, { ...rest, ts: squeezed, eventTs: squeezed, id });
    if (day === 0) await store.importBars(instrument, '1m', bars);
    rows += ts.length;
  }
  store.close();
  return rows;
}

/** One run over some days of trades, in this process; prints its peak and the bars it saw. */
async function runOver(days: number): Promise<void> {
  const store = await openStore();
  const query = { venue: instrument.venue, symbol: instrument.symbol, from: 0, to: days * DAY };
  const result = await backtest({
    feed: await tradesFeed(store, query, '1m'),
    strategy: await loadStrategy('sma-cross'),
    costs: percentCosts(0.0001),
  });
  assert.equal(result.bars, days * 1440 - 1);
  assert.ok(result.trades.length > days, `only ${result.trades.length} trades`);
  store.close();
  console.log(peakRssMb());
}

/** The proof that the memory of a run over streamed trades does not grow with their number. */
export const memoryProof: Bench = {
  name: 'memory',
  what: `1, 10 and ${DAYS} days of trades, streamed from the store through one-minute bars into a run`,
  async run() {
    const rows = await fillStore();
    const peakOf = (days: number) => {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [fileURLToPath(import.meta.url), String(days)],
        { encoding: 'utf8', env: process.env },
      );
      assert.equal(status, 0, stderr);
      return Number(stdout);
    };
    // A day is read before the garbage collector has had reason to come by; from ten on the peak must stand still.
    const day = peakOf(1);
    const tenDays = peakOf(10);
    const month = peakOf(DAYS);
    return [
      { figure: 'trades', value: rows, unit: 'trades' },
      { figure: '1 day/peakRssMb', value: day, unit: 'MB' },
      { figure: '10 days/peakRssMb', value: tenDays, unit: 'MB' },
      { figure: `${DAYS} days/peakRssMb`, value: month, unit: 'MB' },
      { figure: `${DAYS} days/1 day`, value: month / day, unit: '×', goal: 1.1 },
      { figure: `${DAYS} days/10 days`, value: month / tenDays, unit: '×', goal: 1.1 },
    ];
  },
};

const [, file, days] = process.argv;
if (file === fileURLToPath(import.meta.url)) await runOver(Number(days));
