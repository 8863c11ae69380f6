import type { BarColumns } from '../market/bar.ts';
import { chunksOf } from '../market/feed.ts';
import type { DeclaredIndicators, Inputs } from './declared-indicators.ts';
import type { IndicatorNode } from './indicator-node.ts';

/** One line of a declared indicator over a whole history. */
export interface IndicatorColumn {
  /** `sma(10)`, `bollinger(20,2).upper`, `1h ema(20)` */
  readonly name: string;
  /** One value per bar; NaN before there is one. */
  readonly values: Float64Array;
  /** True when the values are prices, to be drawn on the candles. */
  readonly onPrice: boolean;
}

/**
 * The columns of every indicator that `declare` declares on the first instrument of `indicators`, over its bars: what a
 * strategy read bar by bar, for a chart.
 */
export function indicatorColumns(
  indicators: DeclaredIndicators,
  declare: (inputs: Inputs) => unknown,
  bars: BarColumns,
): IndicatorColumn[] {
  const declared = new Set<IndicatorNode>();
  declare(indicators.inputs(0, declared));
  const nodes = [...declared].filter((node) => node.source.instrument === 0);
  const rows = bars.closeTs.length;
  const columns = nodes.flatMap((node) =>
    node.spec.lines.map((line, index) => ({
      node,
      index,
      name: nameOf(node, line),
      values: new Float64Array(rows),
      onPrice: node.spec.onPrice && node.source.parent === null && node.source.field !== 'volume',
    })),
  );
  for (const chunk of chunksOf(bars)) {
    indicators.compute(chunk);
    const { from, to } = chunk;
    for (const { node, index, values } of columns) {
      values.set(node.columns[index]!.subarray(0, to - from), from);
    }
  }
  return columns.map(({ name, values, onPrice }) => ({ name, values, onPrice }));
}

function nameOf({ spec, source }: IndicatorNode, line: string): string {
  const call = `${spec.name}(${spec.args.join(', ')})`;
  const timeframe = source.higher ? `${source.higher.timeframe} ` : '';
  return `${timeframe}${call}${spec.lines.length > 1 ? `.${line}` : ''}`;
}
