import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { checkSeries } from '@streamscalp/lib/quality/check-series';
import { BROKEN, CLEAN, scoreFile } from '../quality/vendor-pairs.ts';
import { hasSharedData } from '../support/shared-data.ts';
import { type Bench, type Figure, median, times } from './bench.ts';

const ROWS = 1_000_000;

/**
 * Rows, over all files: precision and recall of the faults found. `strict` calls false whatever is found in a repaired or
 * clean file; the other counts as right what is plainly wrong there, 14 rows that the repairer of CLC.L did not look at.
 */
export const qualityBench: Bench = {
  name: 'quality',
  what: 'faults planted in 7 vendor files found, 9 clean files left alone; a million bars checked',
  async run() {
    const bars = syntheticBars({ seed: 5, startTs: Date.UTC(2023, 0), rows: ROWS });
    const checked = await times(3, () =>
      checkSeries({ bars, timeframe: '1m', calendar: '24/7', splitBasis: 'raw' }),
    );
    return [
      ...(hasSharedData ? scores() : []),
      { figure: 'check a million bars', value: median(checked), unit: 'ms' },
    ];
  },
};

function scores(): Figure[] {
  const broken = BROKEN.map(scoreFile);
  const all = [...broken, ...CLEAN.map(scoreFile)];
  const sum = (name: 'planted' | 'found' | 'right' | 'leftBroken' | 'notices', of = all) =>
    of.reduce((total, score) => total + score[name], 0);
  const atLeast = { goal: 1, atLeast: true };
  const [found, right] = [sum('found'), sum('right')];
  return [
    ...broken.map(({ name, right, planted }) => ({
      figure: name.replace(/-1d-.*/, ''),
      value: right,
      unit: `of ${planted}`,
    })),
    { figure: 'recall', value: right / sum('planted'), unit: '', ...atLeast },
    { figure: 'precision', value: (right + sum('leftBroken')) / found, unit: '', ...atLeast },
    { figure: 'precision, strict', value: right / found, unit: '' },
    { figure: 'notices', value: sum('notices'), unit: '' },
  ];
}
