import { costs } from '@streamscalp/lib/engine/sim/costs';
import { costing } from '../engine/play.ts';
import type { EveryOrderRun, RunChoice } from './every-order-run.ts';

const base: EveryOrderRun['options'] = { costs: costs.binanceUsdm, leverage: 4, cash: 1000 };
const lots = { tickSize: 0.01, lotSize: 0.25 };

/** The ways to simulate a fill, each of which has to keep every law. */
export const WORLDS: Readonly<Record<string, Omit<RunChoice, 'seed' | 'rows'>>> = {
  'fills through the price': { options: { ...base, instrument: { tickSize: 0 } } },
  'fills at a touch, with ticks and lots': {
    options: { ...base, fills: 'touch', instrument: lots },
  },
  'queues, in parts': {
    options: {
      ...base,
      fills: 'queue',
      participation: 0.25,
      instrument: { tickSize: 0.05, lotSize: 0.25 },
    },
  },
  'fills in parts, free of costs': {
    options: { ...base, costs: costs.free, participation: 0.1 },
  },
  'finer bars': {
    options: { ...base, costs: costing({ takerRate: 0.001 }) },
    withFiner: true,
  },
  'limits of risk': {
    options: {
      ...base,
      limits: {
        maxOrderNotional: 700,
        maxPositionNotional: 1500,
        maxGrossExposure: 2,
        maxOpenOrders: 12,
        maxDrawdown: 0.3,
      },
    },
  },
};
