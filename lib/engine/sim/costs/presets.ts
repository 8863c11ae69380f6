import type { CostModel } from './cost-model.ts';
import { usSellFees } from './us-sell-fees.ts';

const NO_SELL_FEES = { sellRate: 0, sellPerUnit: 0, sellPerUnitCap: 0, earlier: [] };
const NO_IMPACT = { kind: 'none' } as const;

/**
 * The presets. Slippage is an assumption of ours, one basis point, to be replaced by a measured one. Binance grants a
 * tier for volume and a balance of BNB together: the balance is taken as held. Its tiers above VIP 2 are left out, since
 * the venue moves them from year to year; who reaches them should write down his own.
 */
export const costs = {
  binanceSpot: {
    name: 'binanceSpot',
    source:
      'Binance spot fee schedule without BNB discount, regular user to VIP 2, in force since the VIP programme of 2021-12-21; slippage assumed',
    makerRate: 0.001,
    takerRate: 0.001,
    tiers: [
      { minVolume: 1e6, makerRate: 0.0009, takerRate: 0.001 },
      { minVolume: 5e6, makerRate: 0.0008, takerRate: 0.001 },
    ],
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 1,
    impact: NO_IMPACT,
  },
  binanceUsdm: {
    name: 'binanceUsdm',
    source:
      'Binance USD-M futures fee schedule for USDT pairs without BNB discount, regular user (2024-01) and VIP 1 (volume of the VIP programme of 2021-12-21); slippage assumed',
    makerRate: 0.0002,
    takerRate: 0.0005,
    tiers: [{ minVolume: 15e6, makerRate: 0.00016, takerRate: 0.0004 }],
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 1,
    impact: NO_IMPACT,
  },
  alpacaUsEquity: {
    name: 'alpacaUsEquity',
    source:
      'no commission; on sales the SEC section 31 fee and the FINRA trading activity fee of their day, last changed 2026-04-04 (20.60 USD per million) and 2026-01-01 (0.000195 USD per share, at most 9.79); not rounded up to cents; slippage assumed',
    makerRate: 0,
    takerRate: 0,
    tiers: [],
    minFee: 0,
    ...usSellFees(),
    slippageBps: 1,
    impact: NO_IMPACT,
  },
  free: {
    name: 'free',
    source: 'nothing costs anything: for tests and comparisons, never for a decision',
    makerRate: 0,
    takerRate: 0,
    tiers: [],
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 0,
    impact: NO_IMPACT,
  },
} as const satisfies Record<string, CostModel>;
