import { FAINT, GAIN, GRID, INK } from '../palette.ts';
import { px, svgOpen, text, title as titleText } from './frame.ts';

/** One upright axis, and where each line crosses it. */
export interface ParallelAxis {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

const LINES_MAX = 200;

/** Parallel coordinates as an SVG document; the strength of a line is its value on the last axis. */
export function parallelSvg(
  axes: readonly ParallelAxis[],
  {
    title,
    width,
    height,
  }: { readonly title?: string; readonly width: number; readonly height: number },
): string {
  const top = title === undefined ? 34 : 54;
  const bottom = height - 22;
  const placed = axes.map(({ name, values }, k) => {
    const known = Array.from(values).filter(Number.isFinite);
    const low = Math.min(...known);
    const high = Math.max(...known);
    const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
    const x = 60 + (k * (width - 120)) / Math.max(1, axes.length - 1);
    return {
      name,
      values,
      low,
      high,
      share,
      x,
      y: (v: number) => bottom - share(v) * (bottom - top),
    };
  });
  const parts = [svgOpen(width, height, title ?? 'parallel coordinates')];
  if (title !== undefined) parts.push(titleText(8, 18, title));
  const last = placed.at(-1);
  const count = last?.values.length ?? 0;
  const step = Math.max(1, Math.ceil(count / LINES_MAX));
  for (let i = 0; i < count; i += step) {
    if (!placed.every(({ values }) => Number.isFinite(values[i]!))) continue;
    const d = placed.map(
      ({ x, y, values }, k) => `${k === 0 ? 'M' : 'L'}${px(x)} ${px(y(values[i]!))}`,
    );
    const strength = 0.08 + 0.6 * last!.share(last!.values[i]!);
    parts.push(
      `<path d="${d.join('')}" fill="none" stroke="${GAIN}" stroke-opacity="${strength.toFixed(2)}"/>`,
    );
  }
  for (const { name, x, low, high } of placed) {
    parts.push(`<path d="M${px(x)} ${top}V${bottom}" stroke="${GRID}" stroke-width="2"/>`);
    parts.push(text(x, top - 16, name, 'middle', INK));
    parts.push(
      text(x, top - 4, short(high), 'middle', FAINT),
      text(x, bottom + 14, short(low), 'middle', FAINT),
    );
  }
  return [...parts, '</svg>'].join('\n');
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '';
}
