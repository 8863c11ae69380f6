import type { LineSeries } from '../report/svg/line.ts';
import { type ChartOptions, type ChartSeries, chart } from './chart/chart.ts';
import type { Displayable } from './mime-bundle.ts';

export interface LinesOptions extends ChartOptions {
  /** What is measured, with its unit; the name of the first line by default. */
  readonly yLabel?: string;
}

/**
 * Lines over time (UTC milliseconds) or, with `xKind: 'number'`, over a number: a million points stay smooth.
 *
 * @param series each with ascending `x`; a NaN in `y` breaks the line
 */
export function lines(
  series: LineSeries | readonly ChartSeries[],
  options: LinesOptions = {},
): Displayable {
  const { yLabel, height = 280, ...rest } = options;
  const pane = { series: 'x' in series ? [series] : series };
  return chart([yLabel === undefined ? pane : { ...pane, yLabel }], { ...rest, height });
}
