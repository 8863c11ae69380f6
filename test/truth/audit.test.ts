import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditLookAhead } from '@streamscalp/lib/audit/audit';
import { defineStrategy, type StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { BAR_COLUMNS, type BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { resampleBars } from '@streamscalp/lib/market/resample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lab, trialIds } from '../cli/lab.ts';
import { minuteWalk, sessionBars } from '../support/markets.ts';
import { higherTimeframe, savedStrategies } from '../support/strategies-of-the-house.ts';

const instrument = defineInstrument({ symbol: 'T', venue: 'test', tickSize: 0.01 });

const audit = (strategy: StrategyDefinition, bars: BarColumns, timeframe: string, moments = 20) =>
  auditLookAhead({ strategy, bars, instrument, timeframe, moments, seed: 5 });

describe('an audit finds nothing in', () => {
  const minutes = minuteWalk(51, 6_000);
  const sessions = sessionBars(52, 1_500);

  it.each([...savedStrategies, higherTimeframe('1h')])('$name on minutes', async (strategy) => {
    const { lookAhead, decisions } = await audit(strategy, minutes, '1m');
    expect(lookAhead).toBeNull();
    expect(decisions).toBeGreaterThan(0);
  });

  it.each([...savedStrategies, higherTimeframe('1w')])('$name on sessions', async (strategy) => {
    const { lookAhead, decisions } = await audit(strategy, sessions, '1d');
    expect(lookAhead).toBeNull();
    expect(decisions).toBeGreaterThan(0);
  });
});

/** Buys while a price that it should not know is higher. */
const cheating = (valueAt: () => (closeTs: number) => number) =>
  defineStrategy({
    name: 'cheat',
    params: z.object({}),
    create() {
      const value = valueAt();
      return {
        onBar({ close, closeTs }, ctx) {
          const up = value(closeTs) > close;
          if (up && ctx.flat) ctx.buy(ctx.size.fraction(0.5));
          else if (!up && ctx.long) ctx.close();
        },
      };
    },
  });

describe('an audit catches', () => {
  const bars = minuteWalk(53, 1_500);

  it('a shift by one bar, at the first bar that it changed', async () => {
    const next = (ts: number) => bars.close[bars.closeTs.indexOf(ts) + 1] ?? Number.NaN;
    const { lookAhead } = await audit(
      cheating(() => next),
      bars,
      '1m',
      200,
    );
    // The bar whose next one was scrambled is the earliest that can know it.
    expect(lookAhead!.closeTs).toBe(lookAhead!.scrambledAfter);
    expect(lookAhead!.decided).not.toBe(lookAhead!.otherwise);
  });

  it('hours that are joined by their open', async () => {
    const strategy = cheating(() => {
      const hours = resampleBars(bars, '1h', { partial: true });
      return (ts) => hours.close[hours.openTs.findLastIndex((open) => open < ts)]!;
    });
    const { lookAhead } = await audit(strategy, bars, '1m', 40);
    const hour = (ts: number) => Math.ceil(ts / 3_600_000);
    expect(hour(lookAhead!.closeTs)).toBe(hour(lookAhead!.scrambledAfter));
  });

  it('a price of the future that only shows in a bracket', async () => {
    const strategy = defineStrategy({
      name: 'knowing-stop',
      params: z.object({}),
      create: () => ({
        onBar({ close, closeTs }, ctx) {
          const later = bars.low[bars.closeTs.indexOf(closeTs) + 30] ?? close;
          if (ctx.flat && ctx.openOrders === 0) ctx.buy(1, { limit: 1, stopLoss: later * 0.9 });
        },
      }),
    });
    expect((await audit(strategy, bars, '1m')).lookAhead).not.toBeNull();
  });

  it('what decides otherwise on the same bars, and says so', async () => {
    let runs = 0;
    const strategy = defineStrategy({
      name: 'whim',
      params: z.object({}),
      create() {
        const size = ++runs;
        return { onBar: (_bar, ctx) => void (ctx.flat && ctx.buy(size)) };
      },
    });
    await expect(audit(strategy, bars, '1m')).rejects.toThrow(/otherwise on the same bars/);
  });

  it('nothing by leaving the bars other than they were', async () => {
    const before = BAR_COLUMNS.map((name) => Array.from(bars[name]));
    await audit(higherTimeframe('1h'), bars, '1m');
    expect(BAR_COLUMNS.map((name) => Array.from(bars[name]))).toEqual(before);
  });
});

describe('lab audit', () => {
  let store: string;
  beforeAll(async () => {
    store = mkdtempSync(join(tmpdir(), 'lab-audit-'));
    expect((await lab(store, 'data', 'sample')).status).toBe(0);
  });
  afterAll(() => rmSync(store, { recursive: true, force: true }));
  const market = ['--symbol', 'SPX', '--venue', 'sample'];

  it('ends with status 0 for a strategy of the house, and appends no trial', async () => {
    const { status, stdout } = await lab(store, 'audit', 'sma-cross', ...market, '--json');
    expect(status).toBe(0);
    const { clean, moments, decisions, lookAhead } = JSON.parse(stdout);
    expect([clean, moments, lookAhead]).toEqual([true, 50, null]);
    expect(decisions).toBeGreaterThan(100);
    expect(trialIds(store)).toEqual([]);
  });

  it('ends with status 3 for one that reads ahead in an indicator’s column, and names the bar', async () => {
    const file = join(store, 'ahead.mjs');
    writeFileSync(
      file,
      `import { defineStrategy, sma, z } from '@streamscalp/lib';
export default defineStrategy({
  name: 'ahead',
  params: z.object({}),
  create(_params, { close }) {
    const line = close(sma(1));
    return {
      onBar(bar, ctx) {
        const up = line.column[line.cursor.step + 1] > bar.close;
        if (up && ctx.flat) ctx.buy(1);
        else if (!up && ctx.long) ctx.close();
      },
    };
  },
});
`,
    );
    const { status, stdout } = await lab(store, 'audit', file, ...market);
    expect(stdout).toMatch(/LOOKS AHEAD .*\nfirst changed decision: bar \d+, /);
    expect(status).toBe(3);
  });
});
