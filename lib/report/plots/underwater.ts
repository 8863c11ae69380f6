import { underwater } from '../../stats/drawdown.ts';
import { formatPercent } from '../format.ts';
import { LOSS } from '../palette.ts';
import { lineSvg } from '../svg/line.ts';
import { thinLine } from '../thin-line.ts';
import { axis, compact, layout, type Plot, timeAxis, times } from './plot.ts';

const POINTS_MAX = 6_000;

/** How far below its highest value equity was, at every bar. */
export function underwaterPlot(ts: Float64Array, equity: Float64Array, cash: number): Plot {
  const below = underwater(equity, cash).map((depth) => 0 - depth);
  const thin = thinLine(ts, below, POINTS_MAX);
  const label = 'Drawdown, % of peak';
  return {
    id: 'underwater',
    data: [
      {
        type: 'scatter',
        mode: 'lines',
        x: times(thin.x),
        y: compact(thin.y),
        fill: 'tozeroy',
        fillcolor: 'rgba(213,94,0,0.18)',
        line: { color: LOSS, width: 1 },
        hovertemplate: '%{x|%Y-%m-%d %H:%M}<br>%{y:.2%}<extra></extra>',
      },
    ],
    layout: layout(220, {
      hovermode: 'x',
      xaxis: timeAxis(),
      yaxis: axis(label, { tickformat: '~%', rangemode: 'tozero' }),
    }),
    still: lineSvg([{ name: 'Drawdown', x: ts, y: below, color: LOSS }], {
      width: 1040,
      height: 220,
      yLabel: label,
      yFormat: (value) => formatPercent(value, 1),
    }),
  };
}
