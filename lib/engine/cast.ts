import type { DeclaredIndicators, Inputs } from './declared-indicators.ts';
import type { IndicatorNode } from './indicator-node.ts';
import type { PortfolioStrategy } from './portfolio-strategy.ts';
import type { Strategy } from './strategy.ts';

/** Makes what trades in a run. */
export interface StrategyFactory {
  /** True when one strategy trades all instruments; else one is made for each, with its own state. */
  readonly universe: boolean;
  create(inputs: Inputs): Strategy | PortfolioStrategy;
}

/** Who trades in a run. */
export interface Cast {
  /** By instrument. Those of a portfolio strategy hear of fills and orders, and are handed no bars. */
  readonly strategies: readonly Strategy[];
  readonly portfolio: PortfolioStrategy | null;
  /** The indicators that have to be warm before an instrument is traded, by instrument. */
  readonly declared: readonly (readonly IndicatorNode[])[];
}

export function castOf(indicators: DeclaredIndicators, factory: StrategyFactory): Cast {
  const { size } = indicators.instruments;
  const strategies: Strategy[] = [];
  const declared: IndicatorNode[][] = Array.from({ length: size }, () => []);
  if (factory.universe) {
    const nodes = new Set<IndicatorNode>();
    const portfolio = factory.create(indicators.universe(nodes)) as PortfolioStrategy;
    for (const node of nodes) declared[node.source.instrument]!.push(node);
    const listening = listener(portfolio);
    for (let k = 0; k < size; k++) strategies.push(listening);
    return { strategies, portfolio, declared };
  }
  for (let k = 0; k < size; k++) {
    const nodes = new Set<IndicatorNode>();
    strategies.push(factory.create(indicators.inputs(k, nodes)) as Strategy);
    declared[k] = [...nodes];
  }
  return { strategies, portfolio: null, declared };
}

function listener(portfolio: PortfolioStrategy): Strategy {
  return {
    onBar() {},
    ...(portfolio.onFill && { onFill: portfolio.onFill.bind(portfolio) }),
    ...(portfolio.onOrder && { onOrder: portfolio.onOrder.bind(portfolio) }),
  };
}
