import { type TradeFill, tradesFromFills } from '@streamscalp/lib/stats/trades';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const fill = (ts: number, signed: number, price: number, fee = 0, instrument = 0): TradeFill => ({
  ts,
  instrument,
  side: signed > 0 ? 1 : -1,
  qty: Math.abs(signed),
  price,
  fee,
});

describe('trades from fills', () => {
  it('weighs entries and exits by volume and takes the fees off the pnl', () => {
    // Entry (1·100 + 3·104)/4 = 103; exit (2·110 + 2·106)/4 = 108; 4·5 − 10 = 10.
    const trades = tradesFromFills([
      fill(1, 1, 100, 1),
      fill(2, 3, 104, 3),
      fill(3, -2, 110, 4),
      fill(4, -2, 106, 2),
    ]);
    expect(trades).toEqual([
      {
        openTs: 1,
        closeTs: 4,
        instrument: 0,
        side: 'long',
        qty: 4,
        entryPrice: 103,
        exitPrice: 108,
        pnl: 10,
        fees: 10,
      },
    ]);
  });

  it('splits a fill that turns the position and shares its fee by quantity', () => {
    const trades = tradesFromFills([fill(1, 1, 100, 1), fill(2, -4, 90, 4), fill(3, 3, 80, 2)]);
    expect(trades).toMatchObject([
      { side: 'long', qty: 1, pnl: -10 - 2, fees: 2, closeTs: 2 },
      { side: 'short', qty: 3, entryPrice: 90, exitPrice: 80, pnl: 30 - 5, fees: 5, openTs: 2 },
    ]);
  });

  it('makes no trade of a position that is still open, nor two of a partial exit', () => {
    expect(tradesFromFills([fill(1, 2, 100), fill(2, -1, 110)])).toEqual([]);
  });

  it('takes a rounding residue for flat', () => {
    const trades = tradesFromFills([
      fill(1, 0.1, 100),
      fill(2, 0.2, 100),
      fill(3, -0.3, 110), // 0.1 + 0.2 is 0.30000000000000004
      fill(4, -1, 110),
      fill(5, 1, 100),
    ]);
    expect(trades.map((trade) => [trade.side, trade.openTs])).toEqual([
      ['long', 1],
      ['short', 4],
    ]);
  });

  it('keeps the positions of two instruments apart', () => {
    const trades = tradesFromFills([
      fill(1, 1, 100, 0, 0),
      fill(2, -1, 50, 0, 1),
      fill(3, -1, 101, 0, 0),
      fill(4, 1, 51, 0, 1),
    ]);
    expect(trades.map((trade) => trade.pnl)).toEqual([1, -1]);
  });

  it('adds up to the cash that came back, whatever the fills', () => {
    const leg = fc.record({
      signed: fc.integer({ min: -9, max: 9 }).filter((qty) => qty !== 0),
      price: fc.integer({ min: 50, max: 150 }),
      fee: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 40 }), (legs) => {
        const fills = legs.map((l, i) => fill(i, l.signed, l.price, l.fee));
        const position = legs.reduce((total, l) => total + l.signed, 0);
        if (position !== 0) fills.push(fill(legs.length, -position, 100, 1));
        const cash = fills.reduce((total, f) => total - f.side * f.qty * f.price - f.fee, 0);
        const pnl = tradesFromFills(fills).reduce((total, trade) => total + trade.pnl, 0);
        expect(pnl).toBeCloseTo(cash, 8);
      }),
      { seed: 3 },
    );
  });
});
