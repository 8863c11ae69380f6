import { DAY } from '../core/time.ts';
import type { BarColumns } from '../market/bar.ts';
import { bucketBars, bucketColumn } from '../report/bucket-bars.ts';
import { FAINT, GAIN, GRID, INK, LINES, LOSS, PAPER } from '../report/palette.ts';
import { type CandleLine, type CandleMark, candlesSvg } from '../report/svg/candles.ts';
import { liveChart } from './chart-frame.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';

export interface CandlesOptions {
  readonly title?: string;
  /** In pixels; 340 by default. */
  readonly height?: number;
  /** Columns to draw over the candles, one value per bar. */
  readonly lines?: readonly CandleLine[];
  /** Fills to mark: ▲ buy, ▼ sell. Those of a result, `result.fills`, fit. */
  readonly fills?: readonly CandleMark[];
}

/** More candles than a screen can tell apart only make a notebook heavy. */
const CANDLES_MAX = 5_000;

/** Candles one can zoom and move; a static picture of them where scripts are not trusted. */
export function candles(bars: BarColumns, options: CandlesOptions = {}): Displayable {
  return {
    [DISPLAY]: () => ({
      'text/html': candlesHtml(bars, options),
      'text/plain': `[candles: ${bars.closeTs.length} bars]`,
    }),
  };
}

function candlesHtml(bars: BarColumns, options: CandlesOptions): string {
  const { height = 340, lines = [] } = options;
  const marks = options.fills ?? [];
  const title = options.title === undefined ? {} : { title: options.title };
  const svg = candlesSvg(bars, { width: 900, height, yLabel: 'Price', marks, lines, ...title });
  const { bars: shown, size } = bucketBars(bars, CANDLES_MAX);
  const data = {
    time: seconds(shown.openTs),
    open: rounded(shown.open),
    high: rounded(shown.high),
    low: rounded(shown.low),
    close: rounded(shown.close),
    intraday: shown.openTs.length > 1 && shown.openTs[1]! - shown.openTs[0]! < DAY,
    caption: [options.title, size > 1 ? `each candle is ${size} bars` : undefined]
      .filter((part) => part !== undefined)
      .join(' · '),
    lines: lines.map((line, i) => ({
      name: line.name,
      color: LINES[(i + 1) % LINES.length],
      values: rounded(bucketColumn(line.values, size)),
    })),
    marks: marks.map((mark) => ({ time: mark.ts / 1000, side: mark.side })),
  };
  return liveChart(svg, height, data, DRAW);
}

function seconds(ts: Float64Array): number[] {
  return Array.from(ts, (ms) => Math.round(ms / 1000));
}

/** Seven digits are more than a screen shows, and pack well; NaN becomes null. */
function rounded(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (x) => (Number.isFinite(x) ? Number(x.toPrecision(7)) : null));
}

/** How every live chart looks. */
export const LOOK = `{ autoSize: true,
    layout: { background: { color: '${PAPER}' }, textColor: '${INK}' },
    grid: { vertLines: { color: '${GRID}' }, horzLines: { color: '${GRID}' } },
    rightPriceScale: { borderColor: '${GRID}' },
    timeScale: { borderColor: '${GRID}', timeVisible: data.intraday, minBarSpacing: 0.02 } }`;

/** Fits all bars once the frame has its width: fitted earlier, they stay squeezed to one side. */
export const FIT = `
  if (data.caption) {
    const caption = document.createElement('div');
    caption.textContent = data.caption;
    caption.style = 'position:absolute;left:12px;top:8px;font:600 13px system-ui,sans-serif;color:${INK};z-index:5;pointer-events:none';
    place.append(caption);
  }
  let fits = 0;
  new ResizeObserver(() => { if (fits++ < 3) requestAnimationFrame(() => chart.timeScale().fitContent()); }).observe(place);`;

const DRAW = `
  const chart = LightweightCharts.createChart(place, ${LOOK});
  const series = chart.addSeries(LightweightCharts.CandlestickSeries, { upColor: '${PAPER}', downColor: '${LOSS}', borderUpColor: '${GAIN}', borderDownColor: '${LOSS}', wickUpColor: '${GAIN}', wickDownColor: '${LOSS}' });
  series.setData(data.time.map((time, i) => ({ time, open: data.open[i], high: data.high[i], low: data.low[i], close: data.close[i] })));
  for (const { name, color, values } of data.lines) {
    const line = chart.addSeries(LightweightCharts.LineSeries, { color, title: name, lineWidth: 1, priceLineVisible: false, lastValueVisible: false });
    line.setData(data.time.map((time, i) => (values[i] === null ? { time } : { time, value: values[i] })));
  }
  const barOf = (ts) => { let low = 0, high = data.time.length - 1; while (low < high) { const mid = (low + high + 1) >> 1; if (data.time[mid] < ts) low = mid; else high = mid - 1; } return data.time[low]; };
  LightweightCharts.createSeriesMarkers(series, data.marks.map(({ time, side }) => ({ time: barOf(time), position: side === 1 ? 'belowBar' : 'aboveBar', shape: side === 1 ? 'arrowUp' : 'arrowDown', color: side === 1 ? '${GAIN}' : '${FAINT}' })));${FIT}`;
