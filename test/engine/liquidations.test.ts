import { DAY, MINUTE } from '@streamscalp/lib/core/time';
import type { AccountRules, MarginRules } from '@streamscalp/lib/engine/sim/account-rules';
import type { MarginTier } from '@streamscalp/lib/engine/sim/margin';
import { describe, expect, it } from 'vitest';
import { type Ohlc, type Played, play, type Script, still, trail } from './play.ts';

const flat: MarginTier = { notionalCap: 1e6, maintenanceRate: 0.05, maxLeverage: 20 };

/** Ten times leverage, 5 % maintenance, 1 % to the insurance; payments of nothing once a day. */
function onMargin(mode: MarginRules['mode'], tiers: readonly MarginTier[] = [flat]): AccountRules {
  const none = { rate: Float64Array.of(0), markPrice: Float64Array.of(100) };
  return {
    margin: { mode, leverage: 10, tiers: { T: tiers }, liquidationFee: 0.01 },
    funding: { T: { ...none, availableTs: Float64Array.of(0), interval: DAY } },
  };
}

const buy: Script = { 0: (ctx) => ctx.buy(10) };
const sell: Script = { 0: (ctx) => ctx.sell(10) };
const rounded = (played: Played) =>
  trail(played.fills).map(([bar, qty, price]) => [bar, qty, Math.round(price! * 1e4) / 1e4]);

/*
 * 10 units at 100 have a margin of 100. Long: −900 + 10 P = 0.05 · 10 P at P = 900 / 9.5 = 94.7368; nothing is left at
 * 90. Short: 1,100 − 10 P = 0.5 P at P = 1,100 / 10.5 = 104.7619; nothing is left at 110.
 */
describe('an isolated position', () => {
  it.each<[string, Script, Ohlc, (number | undefined)[], number]>([
    // 1,000 + 10 · (94.7368 − 100) − 1 % of 947.368
    [
      'is closed at its liquidation price inside the bar',
      buy,
      [100, 101, 94, 96],
      [2, -10, 94.7368],
      937.8947,
    ],
    ['is left alone a little above it', buy, [100, 101, 94.74, 96], [], 0],
    // 1,000 − 80 − 9.2
    ['is closed at the open beyond it', buy, [92, 93, 91, 92], [2, -10, 92], 910.8],
    // All of the margin and no more, and nothing is left for the fee.
    ['never loses more than its margin', buy, [80, 85, 80, 85], [2, -10, 90], 900],
    // 1,000 − 47.619 − 10.47619
    ['is closed likewise when it is short', sell, [100, 105, 99, 100], [2, 10, 104.7619], 941.9048],
    ['that is short loses its margin at most', sell, [130, 131, 129, 130], [2, 10, 110], 900],
  ])('%s', (_claim, script, bar, closed, cash) => {
    const played = play([still(100), still(100), bar, still(bar[3])], script, onMargin('isolated'));
    const expected = closed.length === 0 ? [] : [closed];
    expect(rounded(played).slice(1)).toEqual(expected);
    expect(played.liquidations).toBe(expected.length);
    if (cash > 0) expect(played.engine.portfolio.cash).toBeCloseTo(cash, 4);
  });

  it('is in the ledger: the order, what the insurance took, the fill', () => {
    const { entries } = play(
      [still(100), still(100), [100, 101, 94, 96]],
      buy,
      onMargin('isolated'),
    );
    const [order, fee, fill] = entries.slice(-3);
    expect(order).toMatchObject({ kind: 'order', side: 'sell', qty: 10, role: 'liquidation' });
    expect(fee).toMatchObject({ kind: 'cash', what: 'liquidation-fee', ts: 3 * MINUTE - 1 });
    expect((fee as { amount: number }).amount).toBeCloseTo(-9.473684, 6);
    expect(fill).toMatchObject({ kind: 'fill', side: 'sell', qty: 10, fee: 0, left: 0 });
  });

  it('takes its resting orders along', () => {
    const script: Script = {
      0: (ctx) => ctx.buy(10, { takeProfit: 103 }),
      1: (ctx) => ctx.buy(1, { limit: 80 }),
    };
    // The bar reaches the target and the liquidation: the worse is taken.
    const played = play([still(100), still(100), [100, 104, 94, 96]], script, onMargin('isolated'));
    expect(rounded(played).slice(1)).toEqual([[2, -10, 94.7368]]);
    expect(played.ends).toEqual([
      'canceled: the position was liquidated',
      'canceled: the position was liquidated',
    ]);
  });

  it.each([
    ['is saved by a stop that stands before', 97, 97, 0],
    ['is not saved by one that stands behind', 93, 94.7368, 1],
  ])('%s', (_claim, stopLoss, price, liquidations) => {
    const script: Script = { 0: (ctx) => ctx.buy(10, { stopLoss }) };
    const played = play([still(100), still(100), [100, 101, 90, 96]], script, onMargin('isolated'));
    expect(rounded(played).slice(1)).toEqual([[2, -10, price]]);
    expect(played.liquidations).toBe(liquidations);
  });

  it('can be opened and liquidated inside one bar, through its limit', () => {
    // 10 at 98: −882 + 10 P = 0.5 P at 92.8421.
    const script: Script = { 0: (ctx) => ctx.buy(10, { limit: 98 }) };
    const played = play([still(100), [100, 101, 92, 93]], script, onMargin('isolated'));
    expect(rounded(played)).toEqual([
      [1, 10, 98],
      [1, -10, 92.8421],
    ]);
  });
});

describe('a position on cross margin', () => {
  // 90 at 100 on 1,000: −8,000 + 90 P = 4.5 P at P = 8,000 / 85.5 = 93.5673; 1 % of 8,421.05 to the insurance.
  const script: Script = { 0: (ctx) => ctx.buy(90) };

  it('stands on all equity, and is closed when that falls to its maintenance', () => {
    const played = play([still(100), still(100), [100, 101, 93, 96]], script, onMargin('cross'));
    expect(rounded(played).slice(1)).toEqual([[2, -90, 93.5673]]);
    expect(played.engine.portfolio.cash).toBeCloseTo(1000 + 90 * (8000 / 85.5 - 100) - 84.2105, 3);
  });

  it('outlives what liquidates an isolated one, when it is small', () => {
    const bars = [still(100), still(100), [100, 101, 80, 96] as Ohlc];
    expect(play(bars, buy, onMargin('cross')).liquidations).toBe(0);
    expect(play(bars, buy, onMargin('isolated')).liquidations).toBe(1);
  });

  it('never leaves the account below 0', () => {
    const played = play([still(100), still(100), [50, 51, 50, 50]], script, onMargin('cross'));
    expect(played.engine.portfolio.cash).toBeCloseTo(0, 9);
  });
});

/*
 * 10 units at 100 at 5 × have a margin of 200. In the bracket above 500 of 10 %, whose deduction is 25, they go at
 * −800 + 10 P = P − 25: P = 86.1111, worth 861.1111. Down to 500 are 4.193548 units; they lose 58.2437 and pay 1 % of
 * 361.1111. The 5.806452 left have 57.5 of margin where 25 are asked for, and go at −442.5 + 5.806452 P = 0.290323 P:
 * P = 80.2193.
 */
describe('liquidation step by step', () => {
  const steps: readonly MarginTier[] = [
    { notionalCap: 500, maintenanceRate: 0.05, maxLeverage: 20 },
    { notionalCap: 1e6, maintenanceRate: 0.1, maxLeverage: 10 },
  ];
  const rules = (more: Partial<MarginRules> = {}): AccountRules => {
    const { margin, funding } = onMargin('isolated', steps);
    return { margin: { ...margin!, leverage: 5, liquidation: 'stepwise', ...more }, funding };
  };
  const cut = [2, -4.1935, 86.1111];

  it.each<[string, Ohlc, (number | undefined)[][]]>([
    ['cuts a position to the next lower bracket, which saves it', [100, 101, 81, 90], [cut]],
    [
      'closes what is left when the bar reaches that too',
      [100, 101, 80, 90],
      [cut, [2, -5.8065, 80.2193]],
    ],
    // At an open of 80 nothing is left: the 6.25 units of the lowest bracket are not backed either.
    [
      'closes all where not even the lowest bracket is backed',
      [80, 81, 79, 80],
      [
        [2, -3.75, 80],
        [2, -6.25, 80],
      ],
    ],
  ])('%s', (_claim, bar, expected) => {
    const played = play([still(100), still(100), bar, still(bar[3])], buy, rules());
    const found = played.fills
      .slice(1)
      .map(({ ts, side, qty, price }) => [
        Math.floor(ts / MINUTE),
        Math.round(side * qty * 1e4) / 1e4,
        Math.round(price * 1e4) / 1e4,
      ]);
    expect(found).toEqual(expected);
    expect(played.liquidations).toBe(expected.length);
  });

  it('leaves the account what is left of the margin, and the insurance 1 % of what was closed', () => {
    const played = play([still(100), still(100), [100, 101, 81, 90]], buy, rules());
    const { cash, qty, flows } = played.engine.portfolio;
    expect(flows['liquidation-fee']).toBeCloseTo(-3.611111, 6);
    expect(cash + qty[0]! * 86.111111).toBeCloseTo(1000 - 10 * 13.888889 - 3.611111, 4);
  });

  it('forgets what a cut left once the position is gone', () => {
    // Saved at 86.1111, sold by the strategy at 90, and 10 bought again at 100, which go where the first did.
    const script: Script = {
      0: (ctx) => ctx.buy(10),
      2: (ctx) => ctx.close(),
      4: (ctx) => ctx.buy(10),
    };
    const bars: Ohlc[] = [
      ...[still(100), still(100), [100, 101, 81, 90] as Ohlc, still(90), still(100), still(100)],
      [100, 101, 86, 90],
    ];
    const played = play(bars, script, rules());
    expect(rounded(played).at(-1)).toEqual([6, expect.closeTo(-4.193548, 6), 86.1111]);
  });

  it('cuts to whole lots, and short positions too', () => {
    // Short 10 at 100: 1,200 − 10 P = P − 25 at 111.3636; 500 are 4.4898 units, 4 in lots of 1.
    const played = play([still(100), still(100), [100, 112, 99, 100]], sell, {
      ...rules(),
      instrument: { lotSize: 1 },
    });
    expect(rounded(played).slice(1)).toEqual([[2, 6, 111.3636]]);
  });

  it('stands on all equity in cross mode', () => {
    // 40 at 100 on 1,000: −3,000 + 40 P = 4 P − 25 at 82.6389, cut to 500.
    const big: Script = { 0: (ctx) => ctx.buy(40) };
    const played = play(
      [still(100), still(100), [100, 101, 82, 90]],
      big,
      rules({ mode: 'cross' }),
    );
    const [, first, ...more] = played.fills;
    expect([first!.price, 40 - first!.qty]).toEqual([
      expect.closeTo(82.638889, 6),
      expect.closeTo(500 / 82.638889, 6),
    ]);
    expect(more).toEqual([]);
    expect(played.engine.portfolio.equity()).toBeGreaterThan(0);
  });

  it('is whole when it is not asked for, and nothing else', () => {
    const whole = play(
      [still(100), still(100), [100, 101, 86, 90]],
      buy,
      rules({ liquidation: undefined }),
    );
    expect(rounded(whole).slice(1)).toEqual([[2, -10, 86.1111]]);
    expect(() => play([still(1)], {}, rules({ liquidation: 'half' as 'whole' }))).toThrow(
      /margin.liquidation is half; expected 'whole' or 'stepwise'/,
    );
  });
});

describe('the leverage of a run', () => {
  it('is refused to a position in a bracket that does not allow it', () => {
    const tiers = [
      { notionalCap: 500, maintenanceRate: 0.01, maxLeverage: 20 },
      { notionalCap: 1e6, maintenanceRate: 0.05, maxLeverage: 5 },
    ];
    const script: Script = { 0: (ctx) => ctx.buy(4), 1: (ctx) => ctx.buy(2) };
    const played = play([100, 100, 100].map(still), script, onMargin('cross', tiers));
    expect(played.ends).toEqual([
      'rejected: the position would be larger than its leverage allows',
    ]);
    expect(played.engine.portfolio.qty[0]).toBe(4);
  });

  it('bounds what the account carries', () => {
    const played = play([100, 100].map(still), { 0: (ctx) => ctx.buy(101) }, onMargin('cross'));
    expect(played.entries).toContainEqual(expect.objectContaining({ rule: 'buying-power' }));
  });
});

it.each<[string, Partial<AccountRules> & { leverage?: number }, RegExp]>([
  ['no funding', { funding: undefined }, /T is held on margin, and no funding of it was given/],
  ['no brackets', { margin: { mode: 'cross', leverage: 2, tiers: {} } }, /no brackets of T/],
  ['another leverage', { leverage: 3 }, /leverage is 3 and margin.leverage 10; give the latter/],
])('margin with %s is refused', (_what, wrong, message) => {
  const options = { ...onMargin('cross'), ...wrong };
  expect(() => play([still(100)], {}, options)).toThrow(message);
});
