import { defineSweep, range } from '@streamscalp/lib';

/** Pairs of averages, the slow one at least twice as long as the fast one. */
export default defineSweep({
  strategy: 'sma-cross',
  space: { fast: range(5, 50, 5), slow: range(20, 200, 20) },
  where: ({ fast, slow }) => Number(slow) >= 2 * Number(fast),
  objective: 'sharpe',
});
