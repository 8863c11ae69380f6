import { costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy } from '@streamscalp/lib/engine/strategy';
import { barsFromRows } from '@streamscalp/lib/market/bar';
import { assumptions } from '@streamscalp/lib/run';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { play, type Script, still } from './play.ts';
import { runUniverse, universeFeed } from './universe.ts';

const denials = (entries: readonly LedgerEntry[]) =>
  entries.flatMap((entry) =>
    entry.kind === 'denied' ? [[entry.rule, entry.limit, entry.found]] : [],
  );

/** Four bars at 100, with a script for the first closes. */
const at100 = (script: Script, options: Parameters<typeof play>[2] = {}) =>
  play([100, 100, 100, 100].map(still), script, { cash: 10_000, ...options });

describe('an own order that rests on the other side', () => {
  it.each([
    ['a limit at it', { limit: 101 }, [['self-trade', 101, 101]]],
    ['a limit beyond it', { limit: 102 }, [['self-trade', 101, 102]]],
    ['a limit short of it', { limit: 100.5 }, []],
    ['the market, which is short of it', undefined, []],
    ['a stop, which sleeps', { stop: 103 }, []],
    ['an order for the auction', { limit: 102, tif: 'atClose' as const }, []],
  ])('is not traded with by %s', (_what, options, expected) => {
    const { entries } = at100({
      0: (ctx) => ctx.sell(1, { limit: 101 }),
      1: (ctx) => ctx.buy(1, options),
    });
    expect(denials(entries)).toEqual(expected);
  });

  it('is met by a market order once the market stands beyond it', () => {
    // Nobody traded through the ask at 100 yet, and the close is at it.
    const { entries } = at100({
      0: (ctx) => ctx.sell(1, { limit: 100, postOnly: false, tif: 'gtc' }),
    });
    expect(denials(entries)).toEqual([]);
    const { entries: met } = play([99, 99, 100, 100].map(still), {
      0: (ctx) => ctx.sell(1, { limit: 100 }),
      2: (ctx) => ctx.buy(2),
    });
    expect(denials(met)).toEqual([['self-trade', 100, 100]]);
  });

  it('is the nearest of several, and none of those that sleep or wait for an auction', () => {
    const { entries } = at100({
      0: (ctx) => [
        ctx.buy(1, { limit: 97 }),
        ctx.buy(1, { limit: 98 }),
        ctx.buy(1, { limit: 99, tif: 'atClose' }),
        ctx.buy(1, { stop: 105, limit: 106 }),
      ],
      1: (ctx) => [ctx.sell(1, { limit: 99 }), ctx.sell(1, { limit: 98 })],
    });
    expect(denials(entries)).toEqual([['self-trade', 98, 98]]);
  });

  it('includes the exits of a bracket, and lets an order pass that only reduces', () => {
    const { entries } = at100({
      0: (ctx) => ctx.buy(1, { takeProfit: 104 }),
      1: (ctx) => [ctx.buy(1, { limit: 104 }), ctx.sell(1, { limit: 103 })],
    });
    expect(denials(entries)).toEqual([['self-trade', 104, 104]]);
  });

  it('stands in the way of a change as of an order', () => {
    const changed: boolean[] = [];
    at100({
      0: (ctx) => {
        ctx.sell(1, { limit: 101 });
        const bid = ctx.buy(1, { limit: 99 });
        changed.push(ctx.modify(bid, { limit: 101 }), ctx.modify(bid, { limit: 100 }));
      },
    });
    expect(changed).toEqual([false, true]);
  });
});

describe('buying power', () => {
  it('is less what open orders reserve on their side', () => {
    const { entries } = at100({
      // 5,000 and 4,000 of 10,000 are spoken for; 1,050 are not there, 1,000 are.
      0: (ctx) => [
        ctx.buy(50, { limit: 100 }),
        ctx.buy(40, { limit: 100 }),
        ctx.buy(10.5, { limit: 100 }),
        ctx.buy(10, { limit: 100 }),
      ],
    });
    expect(denials(entries)).toEqual([['buying-power', 1_000, 1_050]]);
  });

  it('is freed when an order is canceled or made smaller', () => {
    const { entries } = at100({
      0: (ctx) => {
        const first = ctx.buy(60, { limit: 90 });
        const second = ctx.buy(40, { limit: 90 });
        ctx.modify(first, { qty: 30 });
        ctx.cancel(second);
        ctx.buy(80, { limit: 90 });
        ctx.buy(2, { limit: 90 });
      },
    });
    // 110 · 90 = 9,900 of 10,000.
    expect(denials(entries)).toEqual([['buying-power', 100, 180]]);
  });

  it('lets a position be turned, and be taken anew, at one close', () => {
    const { entries, fills } = at100({
      0: (ctx) => ctx.buy(100),
      1: (ctx) => [ctx.close(), ctx.sell(100)],
      2: (ctx) => [ctx.close(), ctx.sell(95)],
    });
    expect(denials(entries)).toEqual([]);
    expect(fills.map(({ side, qty }) => side * qty)).toEqual([100, -100, -100, 100, -95]);
  });

  it('carries a straddle, of which one side will fill', () => {
    const { entries } = at100({
      0: (ctx) => {
        const up = ctx.buy(95, { stop: 105 });
        ctx.sell(95, { stop: 95, oco: up });
      },
    });
    expect(denials(entries)).toEqual([]);
  });

  it('is that of the whole account: orders of other symbols reserve it, and sales free it', async () => {
    const day = 86_400_000;
    const bars = () =>
      barsFromRows(
        [0, 1, 2, 3].map((k) => ({
          ...{ openTs: k * day, closeTs: (k + 1) * day, open: 100, high: 100, low: 100 },
          ...{ close: 100, volume: 1e6 },
        })),
      );
    const feed = universeFeed([bars(), bars(), bars()]);
    let step = 0;
    const strategy = defineStrategy({
      name: 'each',
      params: z.object({}),
      create: (_params, { symbols }) => {
        const mine = step++ % symbols.length;
        let bar = 0;
        return {
          onBar(_bar, ctx) {
            if (bar === 0 && mine === 0) ctx.buy(60);
            if (bar === 0 && mine === 1) ctx.buy(50); // 6,000 are spoken for
            if (bar === 0 && mine === 2) ctx.buy(40);
            if (bar === 1 && mine === 0) ctx.close(); // frees 6,000 at the next open
            if (bar === 1 && mine === 1) ctx.buy(60);
            bar++;
          },
        };
      },
    });
    const { entries, fills } = await runUniverse(feed, strategy, 'slices');
    expect(denials(entries)).toEqual([['buying-power', 4_000, 5_000]]);
    expect(fills.map(({ instrument, side, qty }) => [instrument, side * qty])).toEqual([
      [0, 60],
      [2, 40],
      [0, -60],
      [1, 60],
    ]);
  });
});

describe('the collar', () => {
  it('judges a change by its new limit', () => {
    const { entries } = at100(
      {
        0: (ctx) => {
          const bid = ctx.buy(1, { limit: 100 });
          ctx.modify(bid, { limit: 103 });
        },
      },
      { limits: { collarBps: 100 } },
    );
    expect(denials(entries)).toEqual([['price-collar-bps', 100, 300]]);
  });
});

describe('a limit on the spread', () => {
  it('is refused on bars, which have none, and not left to deny every order', () => {
    const run = () => play([100, 100].map(still), {}, { limits: { maxSpreadBps: 5 } });
    expect(run).toThrow(/maxSpreadBps is 5, and bars have no quotes/);
    expect(assumptions({ costs: costs.free, limits: { maxSpreadBps: 5 } }).limits).toEqual({
      maxSpreadBps: 5,
    });
  });
});
