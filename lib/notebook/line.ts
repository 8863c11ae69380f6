import { DAY } from '../core/time.ts';
import { LINES } from '../report/palette.ts';
import { type LineOptions, type LineSeries, lineSvg } from '../report/svg/line.ts';
import { thinLine } from '../report/thin-line.ts';
import { FIT, LOOK } from './candles.ts';
import { liveChart } from './chart-frame.ts';
import { DISPLAY, type Displayable } from './mime-bundle.ts';
import { picture } from './output.ts';

export type LineChartOptions = Omit<LineOptions, 'width' | 'yLabel'> & {
  /** What is measured, with its unit. */
  readonly yLabel?: string;
};

/** Points of one line beyond these are thinned, keeping every spike. */
const POINTS_MAX = 5_000;

/**
 * Lines over time (UTC milliseconds) that one can zoom and move; with `xKind: 'number'` a static picture.
 *
 * @param series each with ascending `x`; a NaN in `y` breaks the line
 */
export function line(
  series: LineSeries | readonly LineSeries[],
  options: LineChartOptions = {},
): Displayable {
  const all = 'x' in series ? [series] : series;
  const { height = 280, yLabel = all[0]?.name ?? '' } = options;
  const drawn = () => lineSvg(all, { ...options, width: 900, height, yLabel });
  if (options.xKind === 'number') return picture(drawn());
  return {
    [DISPLAY]: () => ({
      'text/html': liveChart(drawn(), height, chartData(all, options, yLabel), DRAW),
      'text/plain': `[lines: ${all.map(({ name }) => name).join(', ')}]`,
    }),
  };
}

function chartData(series: readonly LineSeries[], options: LineChartOptions, yLabel: string) {
  const x = series[0]?.x ?? new Float64Array();
  return {
    intraday: x.length > 1 && x[1]! - x[0]! < DAY,
    caption: options.title ?? yLabel,
    lines: series.map((one, i) => ({
      name: series.length > 1 ? one.name : '',
      color: one.color ?? LINES[i % LINES.length],
      points: points(one),
    })),
  };
}

/** Whole seconds, each once: of several points in one the last counts. */
function points({ x, y }: LineSeries): [number, number | null][] {
  const thin = thinLine(x, y, POINTS_MAX);
  const bySecond = new Map<number, number | null>();
  for (let i = 0; i < thin.x.length; i++) {
    const value = thin.y[i]!;
    const shown = Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
    bySecond.set(Math.round(thin.x[i]! / 1000), shown);
  }
  return [...bySecond];
}

const DRAW = `
  const chart = LightweightCharts.createChart(place, ${LOOK});
  for (const { name, color, points } of data.lines) {
    const line = chart.addSeries(LightweightCharts.LineSeries, { color, title: name, lineWidth: 2, priceLineVisible: false, lastValueVisible: name !== '' });
    line.setData(points.map(([time, value]) => (value === null ? { time } : { time, value })));
  }${FIT}`;
