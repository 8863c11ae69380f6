import type { BarColumns } from '../../market/bar.ts';
import { GAIN, REFERENCE } from '../palette.ts';
import { lineSvg } from '../svg/line.ts';
import { thinLine } from '../thin-line.ts';
import { axis, compact, layout, type Plot, timeAxis, times } from './plot.ts';

const POINTS_MAX = 6_000;

/** Equity, beside the same cash held in the instrument from the first close on, with a button for a log scale. */
export function equityPlot(
  ts: Float64Array,
  equity: Float64Array,
  cash: number,
  bars: BarColumns | undefined,
  currency: string,
): Plot {
  const lines = [{ name: 'Strategy', x: ts, y: equity, color: GAIN }];
  if (bars !== undefined && bars.close.length > 0) {
    const first = bars.close[0]!;
    const held = bars.close.map((close) => (cash * close) / first);
    lines.unshift({ name: 'Buy and hold, no costs', x: bars.closeTs, y: held, color: REFERENCE });
  }
  const label = `Equity, ${currency}`;
  return {
    id: 'equity',
    data: lines.map(({ name, x, y, color }) => {
      const thin = thinLine(x, y, POINTS_MAX);
      return {
        type: 'scatter',
        mode: 'lines',
        name,
        x: times(thin.x),
        y: compact(thin.y),
        line: { color, width: color === GAIN ? 1.8 : 1.2 },
        hovertemplate: '%{x|%Y-%m-%d %H:%M}<br>%{y:,.2f}',
      };
    }),
    layout: layout(400, {
      margin: { l: 68, r: 18, t: 64, b: 40 },
      hovermode: 'x unified',
      xaxis: timeAxis(),
      yaxis: axis(label),
      updatemenus: [scaleButtons()],
    }),
    still: lineSvg(lines, { width: 1040, height: 380, yLabel: label }),
  };
}

function scaleButtons(): Record<string, unknown> {
  const button = (label: string, type: string) => ({
    label,
    method: 'relayout',
    args: [{ 'yaxis.type': type }],
  });
  return {
    type: 'buttons',
    direction: 'right',
    x: 0,
    xanchor: 'left',
    y: 1.09,
    yanchor: 'bottom',
    pad: { t: 0, b: 4 },
    font: { size: 11 },
    buttons: [button('linear', 'linear'), button('log', 'log')],
  };
}
