import { z } from 'zod';
import { slippageImpactSchema } from '../slippage.ts';

const rate = z.number().min(0).lt(0.1);
const makerRate = z.number().gt(-0.01).lt(0.1);

/** On sales only: a fraction of notional, and an amount per unit up to a cap, in quote currency. */
const sellFees = {
  sellRate: rate,
  sellPerUnit: z.number().min(0),
  sellPerUnitCap: z.number().min(0),
};

function ascending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > values[i - 1]!);
}

/**
 * What trading costs. There is no default: a backtest without a cost model is an error. A model is plain data, so that
 * a report can print it, a worker receive it and a passport seal it. Its own rates are those of an account without
 * volume, today; `tiers` and `earlier` say what differs.
 */
export const costModelSchema = z.strictObject({
  name: z.string(),
  /** Where the numbers come from and from when they hold. */
  source: z.string(),
  /** Fees as a fraction of notional; a maker rate below 0 is a rebate. */
  makerRate,
  takerRate: rate,
  /** Rates from a traded notional of `minVolume` on, in quote currency over the 30 UTC days before; ascending. */
  tiers: z
    .array(z.strictObject({ minVolume: z.number().gt(0), makerRate, takerRate: rate }))
    .refine((tiers) => ascending(tiers.map((tier) => tier.minVolume)), 'tiers must ascend')
    .readonly(),
  /** Least fee of a fill, in quote currency. */
  minFee: z.number().min(0),
  ...sellFees,
  /** What sales paid before: each row holds until `untilTs`, the first one also for all time before; ascending. */
  earlier: z
    .array(z.strictObject({ untilTs: z.number(), ...sellFees }))
    .refine((rows) => ascending(rows.map((row) => row.untilTs)), 'earlier fees must ascend')
    .readonly(),
  /** How much worse than the seen price a taker fills, in hundredths of a percent; what `impact` says comes on top. */
  slippageBps: z.number().min(0).max(1000),
  impact: slippageImpactSchema,
});

export type CostModel = Readonly<z.output<typeof costModelSchema>>;

/** The parts of a model that a single fill pays by. */
export type FeeRates = Pick<
  CostModel,
  'makerRate' | 'takerRate' | 'minFee' | 'sellRate' | 'sellPerUnit' | 'sellPerUnitCap'
>;
