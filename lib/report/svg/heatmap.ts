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

/** Height of a line of text, and the room between two names, in pixels. */
const LINE = 12;
const GAP = 20;

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
  // Where cells are too small for their numbers the colour alone speaks, and only so many names find room.
  const written = Array.from(table.values, (x) => (Number.isFinite(x) ? options.format(x) : ''));
  const wordy = cellHeight >= LINE && cellWidth >= textWidth(written);
  const columnStep = Math.ceil((textWidth(table.columns) + GAP) / cellWidth);
  const rowStep = Math.ceil(LINE / cellHeight);
  const parts = [svgOpen(width, height, options.title ?? options.yLabel)];
  if (options.title !== undefined) parts.push(title(8, 18, options.title));
  // Names that are wider than their cells need the place where it stands else.
  parts.push(text(8, columnStep > 1 ? top - 26 : top - 8, options.yLabel, 'start', FAINT));
  if (options.xLabel !== undefined) {
    parts.push(text((left + width) / 2, top - 26, options.xLabel, 'middle', FAINT));
  }
  table.columns.forEach((name, c) => {
    const middle = left + (c + 0.5) * cellWidth;
    if (c % columnStep > 0 || middle + textWidth([name]) / 2 > width) return;
    parts.push(text(middle, top - 8, name, 'middle', FAINT));
  });
  table.rows.forEach((name, r) => {
    const y = top + r * cellHeight;
    if (r % rowStep === 0) parts.push(text(left - 8, y + cellHeight / 2 + 4, name, 'end', FAINT));
    for (let c = 0; c < table.columns.length; c++) {
      const at = r * table.columns.length + c;
      const value = table.values[at]!;
      if (!Number.isFinite(value)) continue;
      const x = left + c * cellWidth;
      const share = largest > 0 ? Math.max(-1, Math.min(1, value / largest)) : 0;
      const color = wordColor(share);
      parts.push(
        `<rect x="${px(x)}" y="${px(y)}" width="${px(cellWidth - 1)}" height="${px(cellHeight - 1)}" fill="${heat(share)}"/>` +
          (wordy
            ? text(x + cellWidth / 2, y + cellHeight / 2 + 4, written[at]!, 'middle', color)
            : ''),
      );
    }
  });
  parts.push('</svg>');
  return parts.join('\n');
}

/**
 * The colour of a word on a cell, by the cell's share of the full colour: up to five sixths, ink stands out from blue
 * and vermilion more than paper does.
 */
export function wordColor(share: number): string {
  return Math.abs(share) > 5 / 6 ? PAPER : INK;
}

/** Pixels that the longest of these takes, nearly. */
function textWidth(words: readonly string[]): number {
  return 6 * words.reduce((most, { length }) => Math.max(most, length), 0);
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
