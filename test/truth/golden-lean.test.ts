import { readFileSync } from 'node:fs';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { zippedLines } from '@streamscalp/lib/sources/binance-archive/unzip';
import { describe, expect, it } from 'vitest';
import { costing, minuteBars, type Ohlc, play } from '../engine/play.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

/** Its sources: `BasicTemplateDailyAlgorithm` and `BasicTemplateHourlyAlgorithm` of QuantConnect/Lean @24863901de. */
const DAILY = { from: '20131008', to: '20131017', length: DAY };
const HOURLY = { from: '20131007', to: '20131011', length: HOUR };

/** LEAN's prices are in hundredths of a cent, and its shares are bought at prices adjusted to today. */
function factorOn(date: string): number {
  const rows = readFileSync(sharedData('lean/equity/usa/factor_files/spy.csv'), 'utf8').split('\n');
  const row = rows.map((line) => line.split(',')).find(([until = '']) => until >= date)!;
  return (Number(row[1]) * Number(row[2])) / 10_000;
}

async function spy(folder: string, { from, to, length }: typeof DAILY): Promise<BarColumns> {
  const rows: Ohlc[] = [];
  const factor = factorOn(from);
  for await (const lines of zippedLines(sharedData(`lean/equity/usa/${folder}/spy.zip`))) {
    for (const line of lines) {
      const [time = '', open, high, low, close] = line.split(',');
      if (time.slice(0, 8) < from || time.slice(0, 8) > to) continue;
      const scaled = (price: string | undefined) => Number(price) * factor;
      rows.push([scaled(open), scaled(high), scaled(low), scaled(close)]);
    }
  }
  const bars = minuteBars(rows);
  // When they traded does not matter here, only that they follow each other.
  rows.forEach((_, i) => {
    bars.openTs[i] = i * length;
    bars.closeTs[i] = (i + 1) * length;
  });
  return bars;
}

/** Buys once, on the first bar. Half a cent a share is what LEAN's broker charges for more than 200 shares. */
function holding(bars: BarColumns, shares: number) {
  return play(
    bars,
    { 0: (ctx) => ctx.buy(shares) },
    { cash: 100_000, costs: costing({ minFee: 0.005 * shares }), instrument: { tickSize: 0 } },
  );
}

const endOf = ({ engine }: ReturnType<typeof holding>) => engine.recorder.curve().equity.at(-1)!;

const expected = (algorithm: string): Record<string, string> => {
  const path = sharedData('golden/backtests/lean_expected_statistics.json');
  return JSON.parse(readFileSync(path, 'utf8')).algos[algorithm].expected;
};

/*
 * SetHoldings(SPY, 1) keeps a quarter of a percent of cash and rounds down to shares at the price of the decision; ours
 * sizes at the fill. So the shares are LEAN's: 697 and 687, from its fees and its equity.
 */
describe.skipIf(!hasSharedData)('LEAN on SPY (needs ../shared/data)', () => {
  it('by the day buys at the next open and ends with its equity and its fees, to the cent', async () => {
    const golden = expected('BasicTemplateDailyAlgorithm');
    const run = holding(await spy('daily', DAILY), 697);
    expect(endOf(run).toFixed(2)).toBe(golden['End Equity']);
    // LEAN rounds its 3.485 up.
    const fees = Number(golden['Total Fees']!.slice(1));
    expect(Math.abs(run.engine.portfolio.fees - fees)).toBeLessThan(0.0051);
    expect(run.fills.length).toBe(Number(golden['Total Orders']));
  });

  it('by the hour fills on the bar of the decision, which ours does not: the rest is the same', async () => {
    const golden = expected('BasicTemplateHourlyAlgorithm');
    const bars = await spy('hour', HOURLY);
    const run = holding(bars, 687);
    // LEAN’s market order took the close that it was decided on; ours takes the open after it.
    const moved = 687 * (bars.open[1]! - bars.close[0]!);
    expect((endOf(run) + moved).toFixed(2)).toBe(golden['End Equity']);
    expect(run.fills.length).toBe(Number(golden['Total Orders']));
  });
});
