import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  backtest,
  defineInstrument,
  loadStrategy,
  memoryFeed,
  percentCosts,
} from '@streamscalp/lib';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../support/shared-data.ts';
import { peerBars } from './columns.ts';

/** What vectorbt made of the same 20,000 bars; the file says with which versions and by which command. */
const golden = JSON.parse(
  readFileSync(join(PROJECT_ROOT, 'test/bench/peers/vectorbt-golden.json'), 'utf8'),
) as Record<'cross' | 'bracket', { equity: number; rows: string }>;

/** Bars from one fill to the next. */
async function stepsOf(file: string, params: Record<string, number>) {
  const instrument = defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
  const { trades, equity } = await backtest({
    feed: memoryFeed(instrument, '1m', peerBars(20_000)),
    strategy: await loadStrategy(join(PROJECT_ROOT, file)),
    params,
    costs: percentCosts(0.001),
    cash: 1e15,
    limits: { maxGrossExposure: 2 },
    fills: 'touch',
  });
  const rows = trades.flatMap(({ openTs, closeTs }) => [openTs, closeTs]);
  const at = rows.map((ts) => Math.floor(ts / 60_000));
  const steps = at.map((row, i) => row - (at[i - 1] ?? 0)).join(' ');
  return { steps, equity: equity.value.at(-1)! };
}

describe('beside vectorbt', () => {
  it('an SMA cross enters and exits on the same bars and ends with the same equity', async () => {
    const { steps, equity } = await stepsOf('strategies/sma-cross.ts', { fraction: 1 });
    expect(steps).toBe(golden.cross.rows);
    expect(Math.abs(equity / golden.cross.equity - 1)).toBeLessThan(1e-9);
  });

  it('a stop and a target sized by risk exit on the same bars and end with the same equity', async () => {
    const { steps, equity } = await stepsOf('test/bench/strategies/bracket-cross.ts', {});
    expect(steps).toBe(golden.bracket.rows);
    expect(Math.abs(equity / golden.bracket.equity - 1)).toBeLessThan(1e-9);
  });
});
