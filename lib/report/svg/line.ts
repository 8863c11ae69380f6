import { FAINT, LINES } from '../palette.ts';
import { thinLine } from '../thin-line.ts';
import { type FrameOptions, frame, paddedRange, plane, px } from './frame.ts';
import { numberTicks, timeTicks } from './scale.ts';

/** One line; NaN breaks it. */
export interface LineSeries {
  readonly name: string;
  /** Ascending: epoch milliseconds, or any number. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly color?: string;
}

export interface LineOptions extends FrameOptions {
  /** What x counts; by default UTC time. */
  readonly xKind?: 'time' | 'number';
  readonly yFormat?: (value: number) => string;
}

const POINTS_MAX = 600;

/** Lines over time or over a number, as an SVG document of a few kilobytes. */
export function lineSvg(series: readonly LineSeries[], options: LineOptions): string {
  const from = Math.min(...series.map((s) => s.x[0] ?? Number.POSITIVE_INFINITY));
  const to = Math.max(...series.map((s) => s.x.at(-1) ?? Number.NEGATIVE_INFINITY));
  const xRange: readonly [number, number] = from <= to ? [from, to] : [0, 1];
  const yRange = paddedRange(series.map((s) => s.y));
  const area = plane(options, xRange, yRange);
  const count = Math.floor(area.width / 150);
  const xTicks =
    options.xKind === 'number' ? numberTicks(...xRange, count) : timeTicks(...xRange, count);
  const yTicks = numberTicks(...yRange, Math.floor(area.height / 55), options.yFormat);
  const colors = series.map((s, k) => s.color ?? LINES[k % LINES.length] ?? FAINT);
  const drawing = series.map((s, k) => {
    const thin = thinLine(s.x, s.y, POINTS_MAX);
    const d = linePath(thin.x, thin.y, area.x, area.y);
    return `<path d="${d}" fill="none" stroke="${colors[k]}" stroke-width="1.5" stroke-linejoin="round"/>`;
  });
  // A single line is named by the axis.
  const named = series.length > 1 ? series : [];
  const legend = named.map((s, k) => ({ name: s.name, color: colors[k]! }));
  return frame(options, area, xTicks, yTicks, legend, drawing.join('\n'));
}

/** The path through the points, lifted where a value is not known. */
export function linePath(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let d = '';
  let down = false;
  for (let i = 0; i < xs.length; i++) {
    const known = Number.isFinite(ys[i]!);
    if (known) d += `${down ? 'L' : 'M'}${px(x(xs[i]!))} ${px(y(ys[i]!))}`;
    down = known;
  }
  return d;
}
