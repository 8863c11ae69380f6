import {
  bankruptcyPrice,
  isolatedCollateral,
  liquidatedAt,
  liquidationFee,
  liquidationPrice,
} from '@streamscalp/lib/engine/sim/liquidation';
import {
  initialMargin,
  maintenanceMargin,
  marginTable,
  maxLeverage,
  totalMaintenance,
} from '@streamscalp/lib/engine/sim/margin';
import { binanceUsdmTiers } from '@streamscalp/lib/engine/sim/margin-tiers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const btc = marginTable(binanceUsdmTiers.BTCUSDT);
const eth = marginTable(binanceUsdmTiers.ETHUSDT);

/** One cap, rate and leverage a row. */
const table = (...rows: (readonly [number, number, number])[]) =>
  marginTable(
    rows.map(([notionalCap, maintenanceRate, max]) => ({
      notionalCap,
      maintenanceRate,
      maxLeverage: max,
    })),
  );

// Brackets of 2021, in which Binance's own example is written: its maintenance amounts, 16,300 and 135,365, follow.
const btc2021 = table(
  [50e3, 0.004, 125],
  [250e3, 0.005, 100],
  [1e6, 0.01, 50],
  [5e6, 0.025, 20],
  [20e6, 0.05, 10],
);
const eth2021 = table(
  [10e3, 0.005, 100],
  [100e3, 0.0065, 75],
  [500e3, 0.01, 50],
  [1e6, 0.02, 25],
  [2e6, 0.05, 10],
  [5e6, 0.1, 5],
);

describe('maintenance margin', () => {
  it('has the maintenance amounts that Binance publishes', () => {
    // `cum` of freqtrade's binance_leverage_tiers.json at 3d9514d2 (2024-10-24).
    expect([...btc.deduction].map(Math.round)).toEqual([
      0, 50, 950, 11_450, 131_450, 481_450, 2_981_450, 14_481_450, 26_481_450, 41_481_450,
      121_481_450, 421_481_450,
    ]);
    expect([...eth.deduction].map(Math.round)).toEqual([
      0, 50, 950, 11_450, 131_450, 381_450, 2_006_450, 9_506_450, 17_506_450, 27_506_450,
      80_506_450, 280_506_450,
    ]);
    expect(btc2021.deduction[3]).toBeCloseTo(16_300, 6);
    expect(eth2021.deduction[5]).toBeCloseTo(135_365, 6);
  });

  it.each([
    [0, 0],
    [10_000, 40], // 0.4 %
    [50_000, 200],
    [100_000, 450], // 200 + 0.5 % of the other 50,000
    [600_000, 2950],
    [1_000_000, 5550], // 2,950 + 0.65 % of 400,000
    [3_000_000_000, 1_078_518_550], // 0.5 · 3e9 − 421,481,450: beyond the last cap its rate goes on
  ])('of a position worth %d in BTC is %d', (notional, margin) => {
    expect(maintenanceMargin(btc, notional)).toBeCloseTo(margin, 6);
  });

  it('of an account is that of its margined positions, short or long', () => {
    const qty = Float64Array.of(1, -2, 0, 5);
    const price = Float64Array.of(50_000, 25_000, Number.NaN, 10);
    expect(totalMaintenance([btc, eth, btc, undefined], qty, price)).toBeCloseTo(400, 9);
  });
});

describe('leverage', () => {
  it('asks for the value over it, and is capped by the size of the position', () => {
    expect(initialMargin(50_000, 20)).toBe(2500);
    expect([50_000, 599_999, 600_000, 1.8e9, 1.9e9].map((n) => maxLeverage(btc, n))).toEqual([
      100, 100, 75, 1, 0,
    ]);
    expect(maxLeverage(btc, 49_999)).toBe(125);
  });
});

describe('brackets', () => {
  it.each([
    ['whose caps fall', [[100, 0.01, 10] as const, [50, 0.02, 5] as const], /bracket 2 has cap 50/],
    ['whose rates fall', [[100, 0.02, 10] as const, [200, 0.01, 5] as const], /rate 0.01 after/],
    ['of a rate of 1', [[100, 1, 10] as const], /bracket 1 .* rate 1 after 0 and 0/],
    ['that are none', [], /needs a bracket/],
  ])('%s are refused', (_claim, rows, message) => {
    expect(() => table(...rows)).toThrow(message);
  });
});

describe('the liquidation price', () => {
  /*
   * Binance's example of "How to calculate liquidation price of USDⓈ-M futures contracts", as freqtrade tests it too
   * (tests/exchange/test_binance.py, test_liquidation_price_binance, at c9ae5e1e): a wallet of 1,535,443.01 USDT holds
   * 3,683.979 ETH from 1,456.84 at a mark of 1,335.18 and 109.488 BTC from 32,481.98 at a mark of 31,967.27.
   */
  const wallet = 1_535_443.01;
  const ofEth = { table: eth2021, qty: 3683.979, entry: 1456.84, mark: 1335.18 };
  const ofBtc = { table: btc2021, qty: 109.488, entry: 32_481.98, mark: 31_967.27 };

  it.each([
    ['1,114.78 for ETH on its own margin', ofEth, 1114.78],
    ['18,778.73 for BTC on its own margin', ofBtc, 18_778.73],
  ])('is %s', (_claim, { table: brackets, qty, entry }, expected) => {
    const price = liquidationPrice(brackets, qty, isolatedCollateral(wallet, qty, entry));
    expect(price).toBeCloseTo(expected, 2);
  });

  it.each([
    ['1,153.26 for ETH on cross margin beside BTC', ofEth, ofBtc, 1153.26],
    ['26,316.89 for BTC on cross margin beside ETH', ofBtc, ofEth, 26_316.89],
  ])('is %s', (_claim, own, other, expected) => {
    const cash = wallet - own.qty * own.entry - other.qty * other.entry;
    const equityWithout = cash + other.qty * other.mark;
    const others = maintenanceMargin(other.table, other.qty * other.mark);
    expect(liquidationPrice(own.table, own.qty, equityWithout - others)).toBeCloseTo(expected, 2);
  });

  it('of a short lies above its entry', () => {
    // 1 BTC sold at 40,000 with 4,000 of margin: 44,000 − P = 0.004 P, P = 43,824.70
    const price = liquidationPrice(btc, -1, isolatedCollateral(4000, -1, 40_000));
    expect(price).toBeCloseTo(44_000 / 1.004, 9);
  });

  it('does not exist for a long that its account could pay in full', () => {
    expect(liquidationPrice(btc, 1, isolatedCollateral(40_000, 1, 40_000))).toBeNaN();
    expect(liquidationPrice(btc, 1, 5)).toBeNaN();
  });

  it('is where what is left equals the maintenance margin, in whatever bracket', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(btc, eth, btc2021, eth2021),
        fc.double({ min: 0.001, max: 20_000, noNaN: true }),
        fc.double({ min: 0.01, max: 60_000, noNaN: true }),
        fc.double({ min: 1, max: 125, noNaN: true }),
        fc.boolean(),
        (brackets, size, entry, leverage, short) => {
          const qty = short ? -size : size;
          const margin = (size * entry) / leverage;
          const collateral = isolatedCollateral(margin, qty, entry);
          const price = liquidationPrice(brackets, qty, collateral);
          if (Number.isNaN(price)) {
            expect(leverage).toBeLessThan(1.000001);
            return;
          }
          const left = collateral + qty * price;
          const value = size * price;
          expect(Math.abs(left - maintenanceMargin(brackets, value))).toBeLessThan(
            1e-9 * (value + size * entry),
          );
          // Nothing is left at the bankruptcy price, which lies beyond.
          const bankruptcy = bankruptcyPrice(qty, collateral);
          expect(short ? bankruptcy > price : bankruptcy < price).toBe(true);
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('a bar', () => {
  const bar = (open: number, high: number, low: number) => ({ open, high, low });

  it.each([
    ['that stays above leaves a long alone', 1, 90, 88, bar(100, 105, 91), Number.NaN],
    ['that touches the price liquidates a long there', 1, 90, 88, bar(100, 105, 90), 90],
    ['that opens beyond liquidates a long at the open', 1, 90, 88, bar(89, 105, 80), 89],
    ['that opens beyond bankruptcy costs a long no more', 1, 90, 88, bar(70, 75, 60), 88],
    ['that stays below leaves a short alone', -1, 110, 112, bar(100, 109, 90), Number.NaN],
    ['that touches the price liquidates a short there', -1, 110, 112, bar(100, 110, 90), 110],
    ['that opens beyond liquidates a short at the open', -1, 110, 112, bar(111, 120, 90), 111],
    ['that opens beyond bankruptcy costs a short no more', -1, 110, 112, bar(130, 140, 125), 112],
    ['never liquidates where there is no price', 1, Number.NaN, -5, bar(1, 2, 0.1), Number.NaN],
  ])('%s', (_claim, qty, liquidation, bankruptcy, prices, expected) => {
    expect(liquidatedAt(liquidation, bankruptcy, qty, prices)).toEqual(expected);
  });
});

describe('the liquidation fee', () => {
  it.each([
    ['a fraction of the value', 1, 90, 88, 0.0125, 1.125],
    ['no more than what is left of a long', 1, 90, 89.5, 0.0125, 0.5],
    ['no more than what is left of a short', -1, 110, 110.5, 0.0125, 0.5],
    ['nothing at the bankruptcy price', 1, 88, 88, 0.0125, 0],
  ])('is %s', (_claim, qty, price, bankruptcy, rate, fee) => {
    expect(liquidationFee(qty, price, bankruptcy, rate)).toBeCloseTo(fee, 12);
  });
});
