import { z } from 'zod';

const value = z.number().positive();
const multiple = z.number().positive();
const millis = z.number().positive();
const minutes = z
  .number()
  .min(0)
  .lt(24 * 60);

/**
 * What an account may do at most. An absent limit does not bind. The same limits stand in a backtest, on paper and in
 * real trading; a passport carries them. A limit on something the gate is not told (a spread where there are only bars)
 * denies: what cannot be checked is not allowed. Which code each limit speaks with is in `codes.ts`.
 */
export const riskLimitsSchema = z
  .strictObject({
    /** Value of one order, in the currency of the account. */
    maxOrderNotional: value.optional(),
    /** Value of the position in one instrument, in the currency of the account. */
    maxPositionNotional: value.optional(),
    /** The same as a multiple of equity. */
    maxLeverage: multiple.optional(),
    /** Σ |position value| as a multiple of equity. */
    maxGrossExposure: multiple.optional(),
    /** |Σ position value|, shorts negative, as a multiple of equity. */
    maxNetExposure: multiple.optional(),

    /** How much worse than the reference price a limit price may be, in basis points of it. */
    collarBps: value.optional(),
    /** The same in ticks of the instrument. */
    collarTicks: value.optional(),
    /** Age of the newest price of the instrument, in milliseconds. */
    maxDataAge: millis.optional(),
    /** Best ask less best bid, in basis points of the mid. */
    maxSpreadBps: value.optional(),

    /** Orders that rest at one moment, over all instruments. */
    maxOpenOrders: z.int().positive().optional(),
    /** Orders sent within any 60 seconds. */
    maxOrdersPerMinute: z.int().positive().max(100_000).optional(),
    /** An order with the side, quantity and price of one sent within so many milliseconds is taken for a slip. */
    duplicateWindow: millis.optional(),

    /** Minutes after a session opens, and before it closes, in which positions do not grow; 0 for the session alone. */
    quietAfterOpen: minutes.optional(),
    quietBeforeClose: minutes.optional(),
    /** Minutes of the UTC day in [from, to) in which positions do not grow; it may pass midnight. Both or neither. */
    blackoutFrom: minutes.optional(),
    blackoutTo: minutes.optional(),
    /** Milliseconds after a stop closed a position of the instrument in which none grows. */
    cooldownAfterStop: millis.optional(),

    /** Fall from the highest equity, as a fraction in (0, 1). */
    maxDrawdown: z.number().gt(0).lt(1).optional(),
    /** Loss since the day began, realized and not, as a fraction of the equity it began with, in (0, 1). */
    maxDailyLoss: z.number().gt(0).lt(1).optional(),
    /** Losing trades in a row. */
    maxLossStreak: z.int().positive().optional(),
    /** Share of the last 20 orders that the venue rejected, in (0, 1]. */
    maxRejectRate: z.number().gt(0).max(1).optional(),
    /** By how much the last 20 fills were worse than the model expected, on average, in basis points. */
    maxSlippageBps: value.optional(),
    /** Milliseconds between two prices of an instrument while its market is open. */
    maxDataGap: millis.optional(),
  })
  .refine((limits) => (limits.blackoutFrom === undefined) === (limits.blackoutTo === undefined), {
    path: ['blackoutTo'],
    message: 'a blackout needs both blackoutFrom and blackoutTo',
  });

export type RiskLimitName = keyof typeof riskLimitsSchema.shape;

export type RiskLimits = { readonly [Limit in RiskLimitName]?: number | undefined };
