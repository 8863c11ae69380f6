import type { BarColumns } from '../../market/bar.ts';
import { bucketBars, bucketColumn } from '../bucket-bars.ts';
import { GAIN, LINES, LOSS, PAPER } from '../palette.ts';
import type { ReportFill, ReportIndicator } from '../report-input.ts';
import { candlesSvg } from '../svg/candles.ts';
import { axis, compact, layout, type Plot, timeAxis, times } from './plot.ts';

/** More candles than this are joined, because nobody can see them and a browser draws them slowly. */
export const CANDLES_MAX = 5_000;
/** More fills than this would hide the candles; the last ones are marked. */
export const MARKS_MAX = 4_000;

/** The bars as candles, each at its open as charts draw them, with the fills and the indicators over them. */
export function candlesPlot(
  bars: BarColumns,
  fills: readonly ReportFill[],
  indicators: readonly ReportIndicator[],
): Plot {
  const { bars: shown, size } = bucketBars(bars, CANDLES_MAX);
  const marked = fills.slice(-MARKS_MAX);
  const line = (color: string, fill: string) => ({ line: { color, width: 1 }, fillcolor: fill });
  const label = 'Price, quote currency';
  return {
    id: 'candles',
    data: [
      {
        type: 'candlestick',
        name: size === 1 ? 'Bars' : `Bars, ${size} to a candle`,
        x: times(shown.openTs),
        open: compact(shown.open),
        high: compact(shown.high),
        low: compact(shown.low),
        close: compact(shown.close),
        increasing: line(GAIN, PAPER),
        decreasing: line(LOSS, LOSS),
      },
      ...indicators.map((indicator, k) => ({
        type: 'scatter',
        mode: 'lines',
        name: indicator.name,
        x: times(shown.openTs),
        y: compact(bucketColumn(indicator.values, size)),
        line: { color: LINES[(k + 1) % 5], width: 1.2 },
        hoverinfo: 'skip',
      })),
      marks(marked, 1, 'triangle-up', '#004c7a'),
      marks(marked, -1, 'triangle-down', '#8f3f00'),
    ],
    layout: layout(460, {
      xaxis: timeAxis({ rangeslider: { visible: false } }),
      yaxis: axis(label),
    }),
    still: candlesSvg(bars, {
      width: 1040,
      height: 460,
      yLabel: label,
      lines: indicators,
      marks: marked,
    }),
  };
}

function marks(
  fills: readonly ReportFill[],
  side: ReportFill['side'],
  symbol: string,
  color: string,
): Record<string, unknown> {
  const verb = side === 1 ? 'buy' : 'sell';
  const own = fills.filter((fill) => fill.side === side);
  return {
    type: 'scatter',
    mode: 'markers',
    name: side === 1 ? 'Buy' : 'Sell',
    x: times(own.map((fill) => fill.ts)),
    y: compact(own.map((fill) => fill.price)),
    customdata: compact(own.map((fill) => fill.qty)),
    marker: { symbol, size: 9, color, line: { color: PAPER, width: 1 } },
    hovertemplate: `${verb} %{customdata} at %{y:,.6~g}<br>%{x|%Y-%m-%d %H:%M}<extra></extra>`,
  };
}
