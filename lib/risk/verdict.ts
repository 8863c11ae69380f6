import type { GateCode } from './codes.ts';

/** The name of the rule that spoke; the code of a denial. What each means is in `codes.ts`. */
export type RiskRule = GateCode;

export interface RiskDenial {
  readonly outcome: 'denied';
  readonly rule: RiskRule;
  /** The bound, and what was found beyond it, in the unit of the rule. */
  readonly limit: number;
  readonly found: number;
}

/** What the risk gate says of an order. A value, never an exception. */
export type RiskVerdict =
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'resized'; readonly rule: RiskRule; readonly qty: number }
  | RiskDenial;

export const APPROVED: RiskVerdict = { outcome: 'approved' };

export const resized = (rule: RiskRule, qty: number): RiskVerdict => ({
  outcome: 'resized',
  rule,
  qty,
});

export const denied = (rule: RiskRule, limit: number, found: number): RiskVerdict => ({
  outcome: 'denied',
  rule,
  limit,
  found,
});
