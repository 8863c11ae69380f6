import { GAIN } from '../palette.ts';
import { type FrameOptions, frame, plane, px } from './frame.ts';
import { numberTicks } from './scale.ts';

/** Counts of values in bins of equal width. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** A histogram as an SVG document. */
export function histogramSvg({ from, width, counts }: Bins, options: FrameOptions): string {
  const to = from + width * counts.length;
  const most = Math.max(1, ...counts);
  const area = plane(options, [from, to], [0, most * 1.04]);
  const bars = counts.map((count, k) => {
    const left = area.x(from + k * width);
    const right = area.x(from + (k + 1) * width);
    return `M${px(left)} ${px(area.bottom)}V${px(area.y(count))}H${px(right - 0.7)}V${px(area.bottom)}z`;
  });
  const drawing = `<path d="${bars.join('')}" fill="${GAIN}"/>`;
  const xTicks = numberTicks(from, to, Math.floor(area.width / 110));
  const yTicks = numberTicks(0, most, Math.floor(area.height / 55));
  return frame(options, area, xTicks, yTicks, [], drawing);
}
