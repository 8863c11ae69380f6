import { costs } from '@streamscalp/lib/engine/sim/costs';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { describe, expect, it } from 'vitest';
import { costing, play, still, trail } from './play.ts';

const tenBps = costing({ slippageBps: 10 });

describe('market orders', () => {
  it('fill at the next open and never on the bar that caused them', () => {
    const rows = [still(100), [110, 120, 90, 115], still(130)] as const;
    const { fills } = play(rows, { 0: (ctx) => ctx.buy(1) });
    expect(trail(fills)).toEqual([[1, 1, 110]]);
  });

  it('do not fill at all when there is no next bar', () => {
    const { fills, engine } = play([still(100)], { 0: (ctx) => ctx.buy(1) });
    expect(fills).toEqual([]);
    expect(engine.broker.openOrders).toBe(1);
  });

  it('pay the slippage on both sides', () => {
    const { fills } = play(
      [still(100), still(100), still(200)],
      { 0: (ctx) => ctx.buy(1), 1: (ctx) => ctx.sell(1) },
      { costs: tenBps },
    );
    expect(fills.map((fill) => fill.price)).toEqual([100 * 1.001, 200 * 0.999]);
    expect(fills.map((fill) => fill.liquidity)).toEqual(['taker', 'taker']);
  });

  it('placed inside onFill wait for the next bar', () => {
    const { fills } = play(
      [still(100), [101, 103, 99, 102], still(104), still(105)],
      { 0: (ctx) => ctx.buy(1) },
      { onFill: (fill, _order, ctx) => void (fill.side === 1 && ctx.close()) },
    );
    expect(trail(fills)).toEqual([
      [1, 1, 101],
      [2, -1, 104],
    ]);
  });
});

describe('limit orders', () => {
  it('that the market opened beyond when they arrive are takers, but never pay more than the limit', () => {
    const { fills } = play(
      [still(100), still(100)],
      { 0: (ctx) => [ctx.buy(1, { limit: 100.05 }), ctx.buy(1, { limit: 105 })] },
      { costs: tenBps },
    );
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([
      [100.05, 'taker'],
      [100 * 1.001, 'taker'],
    ]);
  });

  it('that rested are makers, without slippage, at the limit or at an open beyond it', () => {
    const rows = [still(100), still(100), [100, 100, 95, 100], [90, 90, 90, 90]] as const;
    const { fills } = play(
      rows,
      { 0: (ctx) => [ctx.buy(1, { limit: 97 }), ctx.buy(1, { limit: 92 })] },
      { costs: tenBps },
    );
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([
      [97, 'maker'],
      [90, 'maker'],
    ]);
  });

  it('rest until they are canceled', () => {
    const { fills, ends } = play([still(100), still(100), still(50)], {
      0: (ctx) => ctx.buy(1, { limit: 60 }),
      1: (ctx) => ctx.cancelAll(),
    });
    expect(fills).toEqual([]);
    expect(ends).toEqual(['canceled: canceled by the strategy']);
  });

  it.each([
    // 115 × 0.01 and 3 × 0.1 are a rounding above 1.15 and 0.3, the numbers that feeds write.
    { side: 'buy', limit: 1.15, tick: 0.01, row: still(1.15), fills: 'through', filled: 0 },
    { side: 'sell', limit: 0.3, tick: 0.1, row: still(0.3), fills: 'touch', filled: 1 },
    { side: 'buy', limit: 0.3, tick: 0.1, row: still(0.3), fills: 'touch', filled: 1 },
  ] as const)(
    'are compared with prices as feeds write them: $side at $limit in steps of $tick under $fills',
    ({ side, limit, tick, row, fills, filled }) => {
      const played = play(
        [still(limit), row],
        { 0: (ctx) => ctx[side](1, { limit }) },
        { fills, instrument: { tickSize: tick } },
      );
      expect(played.fills.length).toBe(filled);
    },
  );

  it('are rounded to the tick, never to our loss', () => {
    const placed: number[] = [];
    play(
      [still(100)],
      {
        0: (ctx) => {
          placed.push(ctx.buy(1, { limit: 99.14 }).limitPrice);
          placed.push(ctx.sell(1, { limit: 101.12 }).limitPrice);
          placed.push(ctx.buy(1, { stop: 101.13 }).stopPrice);
        },
      },
      { instrument: { tickSize: 0.05 } },
    );
    expect(placed).toEqual([99.1, 101.15, 101.15]);
  });
});

describe('stop orders', () => {
  it('fill at the stop plus slippage when the bar reaches it', () => {
    const rows = [still(100), [100, 106, 99, 100]] as const;
    const { fills } = play(rows, { 0: (ctx) => ctx.buy(1, { stop: 105 }) }, { costs: tenBps });
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([
      [105 * 1.001, 'taker'],
    ]);
  });

  it('fill at the open plus slippage when the bar gaps through them', () => {
    const rows = [still(100), [90, 96, 89, 95]] as const;
    const { fills } = play(rows, { 0: (ctx) => ctx.sell(1, { stop: 98 }) }, { costs: tenBps });
    expect(fills.map((fill) => fill.price)).toEqual([90 * 0.999]);
  });
});

describe('reduce-only orders', () => {
  it('never turn a position', () => {
    const { fills } = play([still(100), still(100), still(100)], {
      0: (ctx) => ctx.buy(2),
      1: (ctx) => ctx.sell(5, { reduceOnly: true }),
    });
    expect(trail(fills)).toEqual([
      [1, 2, 100],
      [2, -2, 100],
    ]);
  });

  it('end canceled when there is nothing to reduce', () => {
    const { fills, ends } = play([still(100), still(100), still(100), still(100)], {
      0: (ctx) => ctx.sell(1, { reduceOnly: true }),
      1: (ctx) => ctx.buy(1),
      2: (ctx) => [ctx.close(), ctx.close()],
    });
    expect(trail(fills)).toEqual([
      [2, 1, 100],
      [3, -1, 100],
    ]);
    expect(ends).toEqual(['canceled: nothing to reduce', 'canceled: nothing to reduce']);
  });
});

describe('every fill', () => {
  it('lies strictly between the open and the close of its bar', () => {
    const bars = syntheticBars({ seed: 5, startTs: 0, rows: 600, volatility: 2 });
    let step = 0;
    const { fills } = play(
      bars,
      (bar, ctx) => {
        step++;
        if (step % 3 === 0) ctx.cancelAll();
        if (step % 2 === 0)
          ctx.buy(0.1, { limit: bar.close * 0.9999, stopLoss: bar.close * 0.999 });
        else ctx.sell(0.1, { stop: bar.close * 0.9998 });
      },
      { costs: costs.binanceSpot, leverage: 5 },
    );
    expect(fills.length).toBeGreaterThan(100);
    for (const { ts } of fills) {
      const row = bars.openTs.findLastIndex((openTs) => openTs < ts);
      expect(ts).toBeLessThan(bars.closeTs[row]!);
    }
  });
});
