import type { BarColumns } from '../market/bar.ts';
import { LINES } from '../report/palette.ts';
import type { CandleLine, CandleMark } from '../report/svg/candles.ts';
import { CANDLES_SHARE, candlePanesSvg } from '../report/svg/panes.ts';
import { candleColumns } from './candle-columns.ts';
import { BYTES_MAX, COLORS, noteOf } from './chart/chart.ts';
import { chartHtml } from './chart/chart-page.ts';
import { offerRows } from './chart/exact-rows.ts';
import { fitColumns } from './chart/fit-columns.ts';
import type { ChartModel, SeriesModel } from './chart/model.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';

/** Columns under the candles, such as an oscillator, one value per bar. */
export interface CandlePane {
  readonly lines: readonly CandleLine[];
  /** What is measured, with its unit; the name of the first line by default. */
  readonly yLabel?: string;
}

export interface CandlesOptions {
  readonly title?: string;
  /** In pixels; 340 by default, and 110 more for each pane below. */
  readonly height?: number;
  /** Columns to draw over the candles, one value per bar. */
  readonly lines?: readonly CandleLine[];
  /** Fills to mark: ▲ buy, ▼ sell. Those of a result, `result.fills`, fit. */
  readonly fills?: readonly CandleMark[];
  readonly below?: readonly CandlePane[];
  /** True to draw the volume in a pane of its own. */
  readonly volume?: boolean;
  /** Most bytes of data the chart may carry, as for `chart`. */
  readonly bytesMax?: number;
}

/**
 * Candles one can zoom (click, then turn the wheel; or with Ctrl), move, and read under the pointer, with indicators and
 * fills; a static picture of them where scripts are not trusted.
 */
export function candles(bars: BarColumns, options: CandlesOptions = {}): Displayable {
  return {
    [DISPLAY]: () => ({
      'text/html': candlesHtml(bars, options),
      'text/plain': `[candles: ${bars.closeTs.length} bars]`,
    }),
  };
}

/** A pane of lines as it is drawn: over the candles, or under them. */
interface Lines {
  readonly label: string;
  readonly kind: 'line' | 'bars';
  readonly lines: readonly CandleLine[];
}

function candlesHtml(bars: BarColumns, options: CandlesOptions): string {
  const below: Lines[] = (options.below ?? []).map(({ lines, yLabel }) => ({
    label: yLabel ?? lines[0]?.name ?? '',
    kind: 'line',
    lines,
  }));
  if (options.volume) {
    below.push({ label: 'Volume', kind: 'bars', lines: [{ name: 'Volume', values: bars.volume }] });
  }
  const over: Lines = { label: 'Price', kind: 'line', lines: options.lines ?? [] };
  const panes = [over, ...below];
  const height = options.height ?? 340 + 110 * below.length;
  const fills = options.fills ?? [];
  const rows = bars.closeTs.length;
  const carried = candleColumns(
    bars,
    panes.flatMap(({ lines }) => lines.map(({ values }) => values)),
    fills,
  );
  const bytesMax = options.bytesMax ?? BYTES_MAX;
  const fitted = fitColumns(rows, carried.perRow, bytesMax, carried.joined);
  const title = options.title ?? '';
  const offer = fitted.size > 1 ? offerRows(carried.exact, { rows, title }) : undefined;
  const whole = CANDLES_SHARE + below.length;
  let at = 5;
  const series = (pane: Lines, first: number): SeriesModel[] =>
    pane.lines.map(({ name }, k) => ({
      kind: pane.kind,
      name,
      color: LINES[(first + k) % LINES.length]!,
      x: 0,
      y: [at++],
    }));
  const price: SeriesModel = { kind: 'candles', name: '', color: '', x: 0, y: [2, 3, 4, 1] };
  const model: ChartModel = {
    title,
    note: noteOf(fitted.size, 'bars', 'candle'),
    ...(offer && { joined: { size: fitted.size, of: 'bar', id: offer.id } }),
    axis: 'rows',
    columns: fitted.columns,
    panes: [
      { label: 'Price', share: CANDLES_SHARE / whole, series: [price, ...series(over, 1)] },
      ...below.map((pane) => ({ label: pane.label, share: 1 / whole, series: series(pane, 0) })),
    ],
    marks: fills.length === 0 ? null : { x: at, price: at + 1, side: at + 2 },
    colors: COLORS,
  };
  const still = picture(bars, over, below, height, options);
  return chartHtml(still, height, model, fitted.bytes) + (offer?.script ?? '');
}

function picture(
  bars: BarColumns,
  over: Lines,
  below: readonly Lines[],
  height: number,
  { title, fills = [] }: CandlesOptions,
): string {
  return candlePanesSvg(
    bars,
    {
      ...{ width: 900, height, yLabel: 'Price', lines: over.lines, marks: fills },
      ...(title === undefined ? {} : { title }),
    },
    below.map(({ label, lines }) => ({
      yLabel: label,
      series: lines.map(({ name, values }) => ({
        name,
        x: bars.openTs,
        y: values instanceof Float64Array ? values : Float64Array.from(values),
      })),
    })),
  );
}
