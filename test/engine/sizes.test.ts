import type { Context } from '@streamscalp/lib/engine/context';
import type { Size } from '@streamscalp/lib/trading/size';
import { describe, expect, it } from 'vitest';
import { play, still, trail } from './play.ts';

describe('an account of 1,000 at a price of 100', () => {
  it.each<[string, (ctx: Context) => Size, number]>([
    ['a value of 250 is 2.5 units', (ctx) => ctx.size.notional(250), 2.5],
    // A stop 5 below loses 5 a unit, and 1 % of the account is 10.
    ['1 % at risk to a stop at 95 is 2 units', (ctx) => ctx.size.risk(0.01, 95), 2],
    [
      '10 % at risk to a stop at 99 would be 100 units, and is cut to the account',
      (ctx) => ctx.size.risk(0.1, 99),
      10,
    ],
    [
      'a target of half the instrument’s volatility is half the account',
      (ctx) => ctx.size.volTarget(0.1, 0.2),
      5,
    ],
    // 0.6 − 0.4 / 2 = 0.4 of 1,000 at 100.
    ['Kelly of a 60 % edge that pays 2 is 40 %', (ctx) => ctx.size.kelly(0.6, 2, 1), 4],
    ['Kelly is capped', (ctx) => ctx.size.kelly(0.6, 2, 0.25), 2.5],
  ])('%s', (_claim, size, units) => {
    const { fills } = play([still(100), still(100)], { 0: (ctx) => ctx.buy(size(ctx)) });
    expect(trail(fills)).toEqual([[1, expect.closeTo(units, 12), 100]]);
  });

  it('Kelly without an edge is no order', () => {
    const { entries } = play([still(100)], { 0: (ctx) => ctx.buy(ctx.size.kelly(0.3, 1, 1)) });
    expect(entries.map(({ kind }) => kind)).toEqual(['order', 'denied']);
  });
});

describe('after a trade', () => {
  const rows = [still(100), still(100), still(90), still(90), still(90), still(90)];

  it('a streak of losses lets positions only shrink', () => {
    const { entries, engine } = play(
      rows,
      { 0: (ctx) => ctx.buy(1), 1: (ctx) => ctx.close(), 3: (ctx) => ctx.buy(1) },
      { limits: { maxLossStreak: 1 } },
    );
    expect(entries.filter(({ kind }) => kind === 'denied').length).toBe(1);
    expect(engine.trading).toBe('REDUCING');
  });

  it('a stop is followed by a pause', () => {
    const buy = (ctx: Context) => ctx.buy(1, { stopLoss: 95 });
    const { fills } = play(
      rows,
      { 0: buy, 3: buy, 4: (ctx) => ctx.buy(1) },
      { limits: { cooldownAfterStop: 150_000 } },
    );
    // Stopped at the open of bar 2; bar 3 closes 120 s later, bar 4 180 s.
    expect(trail(fills).map(([bar, qty]) => [bar, qty])).toEqual([
      [1, 1],
      [2, -1],
      [5, 1],
    ]);
  });

  it('a day’s loss closes everything', () => {
    const { fills, engine } = play(
      [still(100), still(100), still(80), still(80), still(80)],
      { 0: (ctx) => ctx.buy(5), 3: (ctx) => ctx.buy(1) },
      { limits: { maxDailyLoss: 0.05 } },
    );
    expect(trail(fills)).toEqual([
      [1, 5, 100],
      [3, -5, 80],
    ]);
    expect(engine.trading).toBe('FLAT');
  });
});
