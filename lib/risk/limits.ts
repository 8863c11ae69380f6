import { z } from 'zod';

/**
 * What an account may do at most. An absent limit does not bind. The same limits stand in a backtest, on paper and in
 * real trading; a passport carries them.
 */
export const riskLimitsSchema = z.strictObject({
  /** Value of one order, in quote currency. */
  maxOrderNotional: z.number().positive().optional(),
  /** Value of the position in one instrument, in quote currency. */
  maxPositionNotional: z.number().positive().optional(),
  /** Σ |position value| as a multiple of equity. */
  maxGrossExposure: z.number().positive().optional(),
  /** Fall from the highest equity, as a fraction in (0, 1), at which trading halts. */
  maxDrawdown: z.number().gt(0).lt(1).optional(),
});

export type RiskLimits = { readonly [Limit in keyof z.output<typeof riskLimitsSchema>]?: number };
