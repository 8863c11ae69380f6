import { z } from 'zod';
import { LabError } from '../../core/errors.ts';

/**
 * What trading costs. There is no default: a backtest without a cost model is an error. A model is plain data, so that
 * a report can print it, a worker receive it and a passport seal it.
 */
export const costModelSchema = z.strictObject({
  name: z.string(),
  /** Where the numbers come from and from when they hold. */
  source: z.string(),
  /** Fees as a fraction of notional; a maker rate below 0 is a rebate. */
  makerRate: z.number().gt(-0.01).lt(0.1),
  takerRate: z.number().min(0).lt(0.1),
  /** Least fee of a fill, in quote currency. */
  minFee: z.number().min(0),
  /** On sales only: a fraction of notional, and an amount per unit up to a cap. */
  sellRate: z.number().min(0).lt(0.1),
  sellPerUnit: z.number().min(0),
  sellPerUnitCap: z.number().min(0),
  /** How much worse than the seen price a taker fills, in hundredths of a percent. */
  slippageBps: z.number().min(0).max(1000),
});

export type CostModel = Readonly<z.output<typeof costModelSchema>>;

const NO_SELL_FEES = { sellRate: 0, sellPerUnit: 0, sellPerUnitCap: 0 };

/** The presets. Slippage is an assumption of ours, one basis point, to be replaced by a measured one. */
export const costs = {
  binanceSpot: {
    name: 'binanceSpot',
    source:
      'Binance spot fee schedule, regular user (VIP 0), no BNB discount, 2024-01; slippage assumed',
    makerRate: 0.001,
    takerRate: 0.001,
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 1,
  },
  binanceUsdm: {
    name: 'binanceUsdm',
    source: 'Binance USD-M futures fee schedule, regular user (VIP 0), 2024-01; slippage assumed',
    makerRate: 0.0002,
    takerRate: 0.0005,
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 1,
  },
  alpacaUsEquity: {
    name: 'alpacaUsEquity',
    source:
      'no commission; on sales SEC section 31 fee 27.80 USD per million (from 2024-05-22) and FINRA TAF 0.000166 USD per share, at most 8.30 (from 2024-01-01); slippage assumed',
    makerRate: 0,
    takerRate: 0,
    minFee: 0,
    sellRate: 27.8e-6,
    sellPerUnit: 0.000166,
    sellPerUnitCap: 8.3,
    slippageBps: 1,
  },
  free: {
    name: 'free',
    source: 'nothing costs anything: for tests and comparisons, never for a decision',
    makerRate: 0,
    takerRate: 0,
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps: 0,
  },
} as const satisfies Record<string, CostModel>;

/**
 * A plain percentage model: `percentCosts(0.001)` is 0.1 % a side and no slippage.
 *
 * @throws LabError `params` when the rate is not in [0, 0.1) or the slippage not in [0, 1000]
 */
export function percentCosts(rate: number, slippageBps = 0): CostModel {
  if (!(rate >= 0 && rate < 0.1)) {
    throw new LabError(
      'params',
      `the fee rate is ${rate}; give a fraction of notional in [0, 0.1), such as 0.001 for 0.1 %`,
    );
  }
  if (!(slippageBps >= 0 && slippageBps <= 1000)) {
    throw new LabError('params', `the slippage is ${slippageBps} bps; give 0 to 1000`);
  }
  return costModelSchema.parse({
    name: `percent(${rate}, ${slippageBps} bps)`,
    source: 'chosen by the user',
    makerRate: rate,
    takerRate: rate,
    minFee: 0,
    ...NO_SELL_FEES,
    slippageBps,
  });
}

/**
 * Reads a cost model from the command line: a preset's name, or `RATE` or `RATE+BPS` such as `0.001+2`.
 *
 * @throws LabError `params` that lists the presets
 */
export function parseCosts(text: string | undefined): CostModel {
  if (text !== undefined && Object.hasOwn(costs, text)) return costs[text as keyof typeof costs];
  const custom = /^(\d*\.?\d+)(?:\+(\d*\.?\d+))?$/.exec(text ?? '');
  if (custom) return percentCosts(Number(custom[1]), Number(custom[2] ?? 0));
  const found =
    text === undefined ? 'no cost model was given' : `cost model "${text}" is not known`;
  throw new LabError(
    'params',
    `${found}; choose one of ${Object.keys(costs).join(', ')}, or write a fee rate and slippage in bps, such as 0.001+2`,
  );
}

/** The fee of one fill, in quote currency; negative for a rebate. */
export function feeOf(
  model: CostModel,
  side: 1 | -1,
  qty: number,
  price: number,
  maker: boolean,
): number {
  const notional = qty * price;
  let fee = notional * (maker ? model.makerRate : model.takerRate);
  if (fee >= 0 && fee < model.minFee) fee = model.minFee;
  if (side === -1) {
    fee += notional * model.sellRate + Math.min(model.sellPerUnitCap, qty * model.sellPerUnit);
  }
  return fee;
}
