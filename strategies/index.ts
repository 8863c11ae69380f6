import type { StrategyDefinition } from '@streamscalp/lib';
import buyAndHold from './buy-and-hold.ts';
import crossMomentum from './cross-momentum.ts';
import rsiReversion from './rsi-reversion.ts';
import smaCross from './sma-cross.ts';

/** The strategies that come with the lab, by name. Commands and notebooks also find any other file saved here. */
export const strategies: Readonly<Record<string, StrategyDefinition>> = {
  'buy-and-hold': buyAndHold,
  'cross-momentum': crossMomentum,
  'rsi-reversion': rsiReversion,
  'sma-cross': smaCross,
};
