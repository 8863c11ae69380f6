import { FAINT, INK, PAPER } from '../palette.ts';
import { type FrameOptions, px, svgOpen, text, title } from './frame.ts';

/** A table of numbers to colour. */
export interface HeatTable {
  /** Names of the rows, top to bottom. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Row by row; NaN leaves a cell empty. */
  readonly values: ArrayLike<number>;
}

export interface HeatOptions extends FrameOptions {
  /** How a value is written into its cell. */
  readonly format: (value: number) => string;
  /** The size that gets the full colour, as does all beyond it; by default the largest of the table. */
  readonly fullColor?: number;
}

/**
 * A heat map as an SVG document: zero is white, gains are blue, losses vermilion, as strong as the value is beside the
 * largest. `yLabel` and `xLabel` name what the rows and the columns are.
 */
export function heatmapSvg(table: HeatTable, options: HeatOptions): string {
  const width = options.width ?? 720;
  const rowHeight = 22;
  const left = Math.max(40, ...table.rows.map((name) => name.length * 7 + 14));
  const top = options.title === undefined ? 44 : 64;
  const height = options.height ?? top + table.rows.length * rowHeight + 12;
  const cellWidth = (width - left - 8) / Math.max(1, table.columns.length);
  const cellHeight = (height - top - 12) / Math.max(1, table.rows.length);
  const largest = options.fullColor ?? largestSize(table.values);
  const parts = [svgOpen(width, height, options.title ?? options.yLabel)];
  if (options.title !== undefined) parts.push(title(8, 18, options.title));
  parts.push(text(8, top - 8, options.yLabel, 'start', FAINT));
  if (options.xLabel !== undefined) {
    parts.push(text((left + width) / 2, top - 26, options.xLabel, 'middle', FAINT));
  }
  table.columns.forEach((name, c) => {
    parts.push(text(left + (c + 0.5) * cellWidth, top - 8, name, 'middle', FAINT));
  });
  table.rows.forEach((name, r) => {
    const y = top + r * cellHeight;
    parts.push(text(left - 8, y + cellHeight / 2 + 4, name, 'end', FAINT));
    for (let c = 0; c < table.columns.length; c++) {
      const value = table.values[r * table.columns.length + c]!;
      if (!Number.isFinite(value)) continue;
      const x = left + c * cellWidth;
      const share = largest > 0 ? Math.max(-1, Math.min(1, value / largest)) : 0;
      parts.push(
        `<rect x="${px(x)}" y="${px(y)}" width="${px(cellWidth - 1)}" height="${px(cellHeight - 1)}" fill="${heat(share)}"/>` +
          text(
            x + cellWidth / 2,
            y + cellHeight / 2 + 4,
            options.format(value),
            'middle',
            Math.abs(share) > 0.6 ? PAPER : INK,
          ),
      );
    }
  });
  parts.push('</svg>');
  return parts.join('\n');
}

function largestSize(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]!) > largest) largest = Math.abs(values[i]!);
  }
  return largest;
}

/** White to blue for 0 … 1, white to vermilion for 0 … −1. */
function heat(share: number): string {
  const [r, g, b] = share >= 0 ? [0, 114, 178] : [213, 94, 0];
  const strength = Math.abs(share);
  const mix = (channel: number) => Math.round(255 + (channel - 255) * strength);
  return `rgb(${mix(r!)},${mix(g!)},${mix(b!)})`;
}
