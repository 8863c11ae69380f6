import { LabError } from '../../core/errors.ts';
import { type CostModel, costModelSchema, type FeeRates } from './costs/cost-model.ts';
import { costs } from './costs/presets.ts';

export { type CostModel, costModelSchema, costs };

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
    ...costs.free,
    name: `percent(${rate}, ${slippageBps} bps)`,
    source: 'chosen by the user',
    makerRate: rate,
    takerRate: rate,
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

/** The fee of one fill, in quote currency; negative for a rebate. Rates from `FeeSchedule.at`, or a model's own. */
export function feeOf(
  rates: FeeRates,
  side: 1 | -1,
  qty: number,
  price: number,
  maker: boolean,
): number {
  const notional = qty * price;
  let fee = notional * (maker ? rates.makerRate : rates.takerRate);
  if (fee >= 0 && fee < rates.minFee) fee = rates.minFee;
  if (side === -1) {
    fee += notional * rates.sellRate + Math.min(rates.sellPerUnitCap, qty * rates.sellPerUnit);
  }
  return fee;
}
