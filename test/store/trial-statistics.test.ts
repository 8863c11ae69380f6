import type { Json } from '@streamscalp/lib/core/fingerprint';
import { trialStatistics } from '@streamscalp/lib/store/trial-statistics';
import type { Trial } from '@streamscalp/lib/store/trials';
import { expect, it } from 'vitest';

let made = 0;
const trial = (dataHash: string, params: Json, detail: Json, sharpe: number): Trial => ({
  id: `trial-${++made}`,
  family: 'sma-cross',
  kind: 'sweep',
  codeHash: 'code',
  dataHash,
  params,
  costs: 'free',
  detail,
  startedTs: 0,
  endedTs: 1,
  status: 'done',
  sharpe,
  n: 100,
});

it('counts a trial run twice once, and one under other limits again', () => {
  const plain = { limits: {} };
  const limited = { limits: { maxDrawdown: 0.3 } };
  const trials = [
    trial('spx', { fast: 10 }, plain, 0.5),
    trial('spx', { fast: 10 }, plain, 0.5),
    trial('spx', { fast: 10 }, limited, 0.1),
    trial('spx', { fast: 20 }, plain, 0.3),
    trial('btc', { fast: 20 }, plain, 9),
  ];
  const { count, sharpeVariance } = trialStatistics(trials, 'spx');
  expect(count).toBe(4);
  // Of 0.5, 0.1 and 0.3: mean 0.3, squares 0.04 + 0.04 + 0, over 2.
  expect(sharpeVariance).toBeCloseTo(0.04, 12);
});
