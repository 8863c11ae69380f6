import type { MarginTier } from './margin.ts';

function tiers(...rows: readonly (readonly [number, number, number])[]): readonly MarginTier[] {
  return rows.map(([notionalCap, maintenanceRate, maxLeverage]) => ({
    notionalCap,
    maintenanceRate,
    maxLeverage,
  }));
}

/**
 * Leverage and margin brackets of Binance USD-M perpetuals, in USDT, as its endpoint `fapi/v1/leverageBracket` gave them
 * on 2024-10-24 (kept in freqtrade's `binance_leverage_tiers.json` of that day). The venue changes them without notice.
 */
export const binanceUsdmTiers = {
  BTCUSDT: tiers(
    [50_000, 0.004, 125],
    [600_000, 0.005, 100],
    [3e6, 0.0065, 75],
    [12e6, 0.01, 50],
    [70e6, 0.02, 25],
    [100e6, 0.025, 20],
    [230e6, 0.05, 10],
    [480e6, 0.1, 5],
    [600e6, 0.125, 4],
    [800e6, 0.15, 3],
    [1200e6, 0.25, 2],
    [1800e6, 0.5, 1],
  ),
  ETHUSDT: tiers(
    [50_000, 0.004, 125],
    [600_000, 0.005, 100],
    [3e6, 0.0065, 75],
    [12e6, 0.01, 50],
    [50e6, 0.02, 25],
    [65e6, 0.025, 20],
    [150e6, 0.05, 10],
    [320e6, 0.1, 5],
    [400e6, 0.125, 4],
    [530e6, 0.15, 3],
    [800e6, 0.25, 2],
    [1200e6, 0.5, 1],
  ),
} as const;
