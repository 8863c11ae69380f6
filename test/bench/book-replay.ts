import assert from 'node:assert/strict';
import {
  backtestBook,
  costs,
  defineInstrument,
  latencies,
  queues,
  readBinanceCapture,
} from '@streamscalp/lib';
import { twoQuotes } from '../engine/book/two-quotes.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const CAPTURE = 'ticks_l2/hftbacktest_usdm_btcusdt_20240808.gz';

/** A replay of real frames on both sides of the latency, from columns in memory to the result, trial ledger included. */
export const bookReplay: Bench = {
  name: 'W5',
  what: 'L2 replay of six minutes of real BTCUSDT frames, two-quote market maker, square queue',
  async run() {
    if (!hasSharedData) {
      console.error(`W5 needs ../shared/data/${CAPTURE}, which is not there`);
      return [];
    }
    const started = performance.now();
    const options = { market: 'usdm', tickSize: 0.1 } as const;
    const { columns } = await readBinanceCapture(sharedData(CAPTURE), options);
    const readMs = performance.now() - started;
    const rows = columns.ev.length;
    let fills = 0;
    const found = await times(15, () => {
      const result = backtestBook({
        instrument: defineInstrument({
          symbol: 'BTC/USDT',
          venue: 'binance',
          tickSize: 0.1,
          lotSize: 0.001,
        }),
        feed: columns,
        strategy: twoQuotes,
        params: { lot: 0.001, away: 0, most: 20 },
        costs: costs.binanceUsdm,
        latency: { order: latencies.constant(25), response: latencies.constant(25) },
        queue: queues.square,
        // As hftbacktest does, so that both do the same work.
        selfTrade: 'allow',
      });
      assert.equal(result.rows, rows);
      fills = result.fills.length;
    });
    assert.ok(fills > 100, `only ${fills} fills`);
    const nsPerRow = (median(found) * 1e6) / rows;
    return [
      { figure: 'nsPerRow', value: nsPerRow, unit: 'ns', goal: 200 },
      { figure: 'bestNsPerRow', value: (found[0]! * 1e6) / rows, unit: 'ns' },
      { figure: 'rows', value: rows, unit: 'rows' },
      { figure: 'fills', value: fills, unit: 'fills' },
      { figure: 'readNsPerRow', value: (readMs * 1e6) / rows, unit: 'ns' },
      { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' },
    ];
  },
};
