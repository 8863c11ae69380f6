import { LINES } from '../palette.ts';
import { type FrameOptions, frame, paddedRange, plane, px } from './frame.ts';
import { numberTicks } from './scale.ts';

/** Points of one colour. */
export interface PointCloud {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly name?: string;
}

const POINTS_MAX = 600;

/** A scatter plot as an SVG document; of more points than a still picture needs, every so many is drawn. */
export function pointsSvg(clouds: readonly PointCloud[], options: FrameOptions): string {
  const xRange = paddedRange(clouds.map(({ x }) => x));
  const yRange = paddedRange(clouds.map(({ y }) => y));
  const area = plane(options, xRange, yRange);
  const drawing = clouds.map(({ x, y }, k) => {
    const step = Math.max(1, Math.ceil(x.length / POINTS_MAX));
    let d = '';
    for (let i = 0; i < x.length; i += step) {
      if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
      d += `M${px(area.x(x[i]!))} ${px(area.y(y[i]!))}h0`;
    }
    return `<path d="${d}" stroke="${LINES[k % LINES.length]}" stroke-width="4.5" stroke-linecap="round" stroke-opacity="0.6" fill="none"/>`;
  });
  const legend =
    clouds.length > 1
      ? clouds.map(({ name = '' }, k) => ({ name, color: LINES[k % LINES.length]! }))
      : [];
  const xTicks = numberTicks(...xRange, Math.floor(area.width / 110));
  const yTicks = numberTicks(...yRange, Math.floor(area.height / 55));
  return frame(options, area, xTicks, yTicks, legend, drawing.join('\n'));
}
