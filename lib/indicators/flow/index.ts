// What a strategy drives by hand on quotes, trades and pairs, where a bar or one value is not the input.

export { RollingBeta, RollingCorrelation } from './covariation.ts';
export { depthImbalance, microprice, quoteImbalance } from './microprice.ts';
export { OrderFlowImbalance } from './order-flow-imbalance.ts';
export { TradeFlowImbalance } from './trade-flow-imbalance.ts';
