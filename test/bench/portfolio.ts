import assert from 'node:assert/strict';
import {
  backtest,
  defineInstrument,
  definePortfolio,
  memoryFeed,
  mergeFeeds,
  percentCosts,
  syntheticUniverse,
  z,
} from '@streamscalp/lib';
import { loadStrategy } from '@streamscalp/lib/loader/strategy-file';
import { type Bench, median, peakRssMb, times } from './bench.ts';

const SYMBOLS = 500;
const ROWS = 2_000;

/** Holds every symbol, in equal parts: the most that there can be to order and to mark. */
const equalWeights = definePortfolio({
  name: 'equal-weights',
  params: z.object({}),
  create() {
    let wait = 0;
    return {
      onSlice({ symbols }, ctx) {
        if (wait-- > 0) return;
        wait = 20;
        ctx.rebalance(new Map(symbols.map((symbol) => [symbol, 0.95 / symbols.length])));
      },
    };
  },
});

/** A universe that is ranked and rebalanced every month: momentum holds fifty, equal weights hold all. */
export const portfolioRun: Bench = {
  name: 'W-portfolio',
  what: `${SYMBOLS} symbols × ${ROWS.toLocaleString('en')} daily bars in one run, rebalanced every 21 days`,
  async run() {
    const series = syntheticUniverse({ seed: 1, startTs: 0, rows: ROWS, symbols: SYMBOLS });
    const feed = mergeFeeds(
      series.map((bars, k) =>
        memoryFeed(
          defineInstrument({ symbol: `S${k}`, venue: 'bench', synthetic: true }),
          '1d',
          bars,
        ),
      ),
    );
    const before = peakRssMb();
    const given = { feed, costs: percentCosts(0.001), cash: 1e8 };
    const momentum = await loadStrategy('cross-momentum');
    const figures = [];
    for (const [name, strategy, params] of [
      ['momentum', momentum, { top: 50 }],
      ['all', equalWeights, {}],
    ] as const) {
      let fills = 0;
      const found = await times(5, async () => {
        const result = await backtest({ ...given, strategy, params });
        assert.equal(result.bars, SYMBOLS * ROWS);
        fills = result.fills.length;
      });
      assert.ok(fills > 2_000, `only ${fills} fills`);
      const perBar = (median(found) * 1e6) / (SYMBOLS * ROWS);
      figures.push(
        { figure: `${name}/nsPerBarSymbol`, value: perBar, unit: 'ns' },
        { figure: `${name}/fills`, value: fills, unit: 'fills' },
      );
    }
    return [
      ...figures,
      { figure: 'barsRssMb', value: before, unit: 'MB' },
      { figure: 'peakRssMb', value: peakRssMb(), unit: 'MB' },
    ];
  },
};
