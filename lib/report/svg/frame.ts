import { escapeHtml } from '../html.ts';
import { FAINT, GRID, INK, PAPER } from '../palette.ts';
import { linearScale, type Tick } from './scale.ts';

/** The size and the words of a picture. */
export interface FrameOptions {
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  /** What the vertical axis measures, with its unit. */
  readonly yLabel: string;
  /** What the horizontal axis measures, with its unit. */
  readonly xLabel?: string;
}

/** A name and a colour under the title. */
export interface LegendEntry {
  readonly name: string;
  readonly color: string;
}

/** The rectangle inside the axes, in pixels, and the maps onto it. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Lays out a picture whose axes run over the given ranges. */
export function plane(
  options: FrameOptions,
  xRange: readonly [number, number],
  yRange: readonly [number, number],
): Plane {
  const width = options.width ?? 720;
  const height = options.height ?? 320;
  const left = 64;
  const right = width - 14;
  const top = options.title === undefined ? 26 : 46;
  const bottom = height - (options.xLabel === undefined ? 26 : 42);
  const x = linearScale(xRange[0], xRange[1], left, right);
  const y = linearScale(yRange[0], yRange[1], bottom, top);
  return { width, height, left, top, right, bottom, x, y };
}

/** The range of the values, a little wider than they are; [0, 1] when none is known. */
export function paddedRange(columns: readonly ArrayLike<number>[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return [0, 1];
  const padding = high > low ? (high - low) * 0.04 : Math.abs(high) * 0.01 || 1;
  return [low - padding, high + padding];
}

/** A whole SVG document: paper, grid, ticks, axis labels, legend, and the drawing in the plane. */
export function frame(
  options: FrameOptions,
  area: Plane,
  xTicks: readonly Tick[],
  yTicks: readonly Tick[],
  legend: readonly LegendEntry[],
  drawing: string,
): string {
  const { width, height, left, top, right, bottom } = area;
  const parts: string[] = [svgOpen(width, height, options.title ?? options.yLabel)];
  let gridlines = '';
  for (const tick of yTicks) {
    const y = px(area.y(tick.at));
    gridlines += `M${left} ${y}H${right}`;
    parts.push(text(left - 8, Number(y) + 4, tick.label, 'end', FAINT));
  }
  for (const tick of xTicks) {
    const x = px(area.x(tick.at));
    gridlines += `M${x} ${bottom}v4`;
    // A label that would leave the paper hangs from its right edge instead.
    const leaves = Number(x) + tick.label.length * 3.4 > width - 2;
    parts.push(
      text(
        leaves ? width - 2 : Number(x),
        bottom + 17,
        tick.label,
        leaves ? 'end' : 'middle',
        FAINT,
      ),
    );
  }
  parts.push(`<path d="${gridlines}" stroke="${GRID}" fill="none"/>`);
  if (options.title !== undefined) parts.push(title(left, 18, options.title));
  parts.push(text(left, top - 9, options.yLabel, 'start', FAINT));
  if (options.xLabel !== undefined) {
    parts.push(text((left + right) / 2, height - 8, options.xLabel, 'middle', FAINT));
  }
  parts.push(legendRow(right, top - 9, legend), drawing, '</svg>');
  return parts.filter((part) => part !== '').join('\n');
}

/** The opening tag and the paper. */
export function svgOpen(width: number, height: number, label: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${escapeHtml(label)}" font-family="system-ui,-apple-system,Segoe UI,Roboto,sans-serif" font-size="11.5">` +
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`
  );
}

export function title(x: number, y: number, words: string): string {
  return `<text x="${px(x)}" y="${px(y)}" font-size="14" font-weight="600" fill="${INK}">${escapeHtml(words)}</text>`;
}

export function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  fill: string,
): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="${fill}">${escapeHtml(words)}</text>`;
}

/** Entries from right to left, each as wide as its name. */
function legendRow(right: number, y: number, legend: readonly LegendEntry[]): string {
  let row = '';
  let x = right;
  for (const { name, color } of legend.toReversed()) {
    row += text(x, y, name, 'end', INK);
    x -= name.length * 6.4 + 20;
    row += `<path d="M${px(x)} ${px(y - 4)}h14" stroke="${color}" stroke-width="2.5"/>`;
    x -= 12;
  }
  return row;
}

/** A coordinate to a tenth of a pixel, as short as it can be written. */
export function px(x: number): string {
  return String(Math.round(x * 10) / 10);
}
