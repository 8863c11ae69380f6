import { MINUTE } from '@streamscalp/lib/core/time';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costing, type PlayOptions, play } from './play.ts';
import { jumpyBars, randomOrders } from './random-orders.ts';

const ROWS = 250;
const seeds = fc.integer({ min: 1, max: 1_000_000 });
const options: PlayOptions = { costs: costs.binanceUsdm, leverage: 4, instrument: { tickSize: 0 } };

function runOf(seed: number, given: PlayOptions = options) {
  const bars = jumpyBars(seed, ROWS);
  const random = randomOrders(seed + 1);
  return { bars, orders: random.orders, ...play(bars, random.onBar, given) };
}

/** Checks a claim about one seed over many. */
function overSeeds(runs: number, claim: (seed: number) => void): void {
  fc.assert(fc.property(seeds, claim), { seed: 11, numRuns: runs });
}

describe('whatever a strategy orders', () => {
  it('trades, or these claims say nothing', () => {
    const { fills, orders, entries } = runOf(1);
    expect(fills.length).toBeGreaterThan(40);
    expect(new Set(orders.map((order) => order.type)).size).toBe(3);
    const kinds = ['order', 'fill', 'ended', 'denied'];
    expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it('equity is cash and positions as rebuilt from the fills, at every bar', () => {
    overSeeds(60, (seed) => {
      const { bars, fills, engine } = runOf(seed);
      const curve = engine.recorder.curve();
      let cash = 1000;
      let qty = 0;
      let next = 0;
      curve.ts.forEach((ts, i) => {
        for (; fills[next] && fills[next]!.ts <= ts; next++) {
          const fill = fills[next]!;
          cash -= fill.side * fill.qty * fill.price + fill.fee;
          qty += fill.side * fill.qty;
        }
        const rebuilt = cash + qty * bars.close[i]!;
        const size = Math.abs(cash) + Math.abs(qty * bars.close[i]!);
        expect(Math.abs(curve.equity[i]! - rebuilt)).toBeLessThanOrEqual(1e-9 * size);
      });
      expect(next).toBe(fills.length);
      expect(engine.portfolio.qty[0]).toBeCloseTo(qty, 9);
    });
  });

  it('each fill lies within its bar, before slippage', () => {
    overSeeds(60, (seed) => {
      const { bars, fills } = runOf(seed, { ...options, costs: costs.free });
      for (const { ts, price } of fills) {
        const row = Math.floor(ts / MINUTE);
        expect(price).toBeGreaterThanOrEqual(bars.low[row]!);
        expect(price).toBeLessThanOrEqual(bars.high[row]!);
      }
    });
  });

  it('no fill comes before the bar after its order', () => {
    overSeeds(30, (seed) => {
      const { fills, entries } = runOf(seed);
      const placed = new Map<number, Extract<LedgerEntry, { kind: 'order' }>>();
      for (const entry of entries) if (entry.kind === 'order') placed.set(entry.orderId, entry);
      for (const { ts, orderId } of fills) {
        const { ts: createdTs, role } = placed.get(orderId)!;
        if (role === 'plain') expect(ts).toBeGreaterThan(createdTs);
        else expect(ts).toBeGreaterThanOrEqual(createdTs);
      }
    });
  });

  it('each order ends in a state that it may end in, or is still open, and the ledger tells the same', () => {
    overSeeds(30, (seed) => {
      const { orders, entries, engine } = runOf(seed);
      const told = new Map<number, string>();
      for (const entry of entries) {
        if (entry.kind === 'fill') told.set(entry.orderId, 'filled');
        else if (entry.kind === 'denied') told.set(entry.orderId, 'denied');
        else if (entry.kind === 'ended') told.set(entry.orderId, entry.status);
      }
      const open = entries.filter(({ kind }) => kind === 'order').length - told.size;
      expect(open).toBe(engine.broker.openOrders);
      for (const order of orders) {
        if (order.open) expect(told.has(order.id)).toBe(false);
        else expect(told.get(order.id)).toBe(order.status);
        expect(order.filledQty).toBe(order.status === 'filled' ? order.qty : 0);
      }
    });
  });

  it('prices four times as high give the same equity to the last bit, sized by shares of it', () => {
    overSeeds(40, (seed) => {
      const equity = [1, 4].map((scale) => {
        const random = randomOrders(seed + 1, { sharesOnly: true });
        const given = { costs: costing({ makerRate: -0.0001, takerRate: 0.0005, slippageBps: 2 }) };
        const { engine } = play(jumpyBars(seed, ROWS, scale), random.onBar, {
          leverage: 4,
          ...given,
        });
        return engine.recorder.curve().equity;
      });
      expect(equity[1]).toEqual(equity[0]);
    });
  });

  it('eight times the cash gives eight times the equity, to the last bit', () => {
    overSeeds(20, (seed) => {
      const equity = [1, 8].map((times) => {
        const random = randomOrders(seed + 1, { sharesOnly: true });
        const given = { costs: costs.binanceUsdm, leverage: 4, cash: 1000 * times };
        const { engine } = play(jumpyBars(seed, ROWS), random.onBar, given);
        return engine.recorder.curve().equity.map((value) => value / times);
      });
      expect(equity[1]).toEqual(equity[0]);
    });
  });
});
