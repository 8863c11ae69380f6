import { monthlyReturns } from '../../stats/monthly.ts';
import { formatPercent } from '../format.ts';
import { FAINT, GAIN, LOSS, PAPER } from '../palette.ts';
import { heatmapSvg } from '../svg/heatmap.ts';
import { axis, layout, type Plot } from './plot.ts';

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Returns by month, with the whole year at the end of each row. */
export function monthlyPlot(ts: Float64Array, equity: Float64Array, cash: number): Plot {
  const { years, months, yearly } = monthlyReturns(ts, equity, cash);
  const columns = [...MONTHS, 'Year'];
  const rows = years.map((_, r) => [...months.subarray(r * 12, r * 12 + 12), yearly[r]!]);
  // Colour stops at the largest month, so that years, which are larger, do not wash the months out.
  const largest = Math.max(0, ...months.filter(Number.isFinite).map(Math.abs)) || 1;
  const write = (value: number) => (Number.isFinite(value) ? formatPercent(value, 1) : '');
  return {
    id: 'monthly',
    data: [
      {
        type: 'heatmap',
        x: columns,
        y: years.map(String),
        z: rows.map((row) => row.map((r) => (Number.isFinite(r) ? r : null))),
        text: rows.map((row) => row.map(write)),
        texttemplate: '%{text}',
        textfont: { size: 10.5 },
        zmin: -largest,
        zmax: largest,
        zmid: 0,
        colorscale: [
          [0, LOSS],
          [0.5, PAPER],
          [1, GAIN],
        ],
        showscale: false,
        xgap: 1,
        ygap: 1,
        hoverongaps: false,
        hovertemplate: '%{y} %{x}<br>%{text}<extra></extra>',
      },
    ],
    layout: layout(70 + years.length * 24, {
      margin: { l: 68, r: 18, t: 26, b: 8 },
      xaxis: axis('', {
        side: 'top',
        showgrid: false,
        fixedrange: true,
        type: 'category',
        ticks: '',
      }),
      yaxis: axis('', {
        autorange: 'reversed',
        ticks: '',
        type: 'category',
        showgrid: false,
        fixedrange: true,
      }),
      shapes: [
        {
          type: 'line',
          xref: 'x',
          yref: 'paper',
          x0: 11.5,
          x1: 11.5,
          y0: 0,
          y1: 1,
          line: { color: FAINT, width: 1 },
        },
      ],
    }),
    still: heatmapSvg(
      {
        rows: years.map(String),
        columns,
        values: rows.flat(),
      },
      { width: 1040, yLabel: 'Return', format: write, fullColor: largest },
    ),
  };
}
