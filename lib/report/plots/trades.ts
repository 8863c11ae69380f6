import type { Trade } from '../../stats/trades.ts';
import { formatDuration } from '../format.ts';
import { GAIN, LOSS, PAPER } from '../palette.ts';
import { axis, compact, layout, type Plot, times } from './plot.ts';

const HALF = { margin: { l: 60, r: 14, t: 16, b: 44 }, showlegend: false };
const labelOf = (currency: string) => `PnL net of fees, ${currency}`;

/** How often trades made how much. */
export function pnlHistogram(trades: readonly Trade[], currency: string): Plot {
  return {
    id: 'pnl-histogram',
    data: [
      {
        type: 'histogram',
        x: compact(trades.map((trade) => trade.pnl)),
        nbinsx: 40,
        marker: { color: GAIN, line: { color: PAPER, width: 1 } },
        hovertemplate: '%{x}<br>%{y} trades<extra></extra>',
      },
    ],
    layout: layout(300, {
      ...HALF,
      bargap: 0.04,
      xaxis: axis(labelOf(currency)),
      yaxis: axis('Trades'),
      shapes: [
        {
          type: 'line',
          yref: 'paper',
          x0: 0,
          x1: 0,
          y0: 0,
          y1: 1,
          line: { color: LOSS, width: 1, dash: 'dot' },
        },
      ],
    }),
  };
}

/** Every trade at the time it closed: longs are circles, shorts are diamonds. */
export function pnlScatter(trades: readonly Trade[], currency: string): Plot {
  return {
    id: 'pnl-scatter',
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: times(trades.map((trade) => trade.closeTs)),
        y: compact(trades.map((trade) => trade.pnl)),
        text: trades.map((t) => `${t.side}, held ${formatDuration(t.closeTs - t.openTs)}`),
        marker: {
          color: trades.map((trade) => (trade.pnl > 0 ? GAIN : LOSS)),
          symbol: trades.map((trade) => (trade.side === 'long' ? 'circle' : 'diamond-open')),
          size: 7,
          opacity: 0.8,
        },
        hovertemplate: '%{x|%Y-%m-%d %H:%M}<br>%{y:,.2f}<br>%{text}<extra></extra>',
      },
    ],
    layout: layout(300, {
      ...HALF,
      xaxis: axis('Closed', { type: 'date', showgrid: false }),
      yaxis: axis(labelOf(currency)),
    }),
  };
}
