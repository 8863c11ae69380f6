import type { BarColumns } from '../../market/bar.ts';
import type { CandleOptions } from './candles.ts';
import { candlesSvg } from './candles.ts';
import { svgOpen } from './frame.ts';
import { type LineSeries, lineSvg } from './line.ts';

/** Lines of one pane. */
export interface SvgPane {
  readonly series: readonly LineSeries[];
  readonly yLabel: string;
  /** Height beside the other panes; 1 by default. */
  readonly share?: number;
}

interface PanesOptions {
  readonly width: number;
  readonly height: number;
  readonly title?: string;
  readonly xKind?: 'time' | 'number';
}

/** Panes under one another as one SVG document, the first with the title. */
export function panesSvg(panes: readonly SvgPane[], options: PanesOptions): string {
  const { title, ...rest } = options;
  const heights = paneHeights(
    panes.map(({ share = 1 }) => share),
    options.height,
  );
  const drawn = panes.map(({ series, yLabel }, k) => {
    const named = k === 0 && title !== undefined ? { title } : {};
    return lineSvg(series, { ...rest, ...named, yLabel, height: heights[k]! });
  });
  return under(drawn, heights, options);
}

/** Candles with panes of lines under them as one SVG document. */
export function candlePanesSvg(
  bars: BarColumns,
  options: CandleOptions & PanesOptions,
  below: readonly SvgPane[],
): string {
  if (below.length === 0) return candlesSvg(bars, options);
  const { width } = options;
  const shares = [CANDLES_SHARE, ...below.map(({ share = 1 }) => share)];
  const heights = paneHeights(shares, options.height);
  const drawn = [
    candlesSvg(bars, { ...options, height: heights[0]! }),
    ...below.map(({ series, yLabel }, k) =>
      lineSvg(series, { width, yLabel, height: heights[k + 1]! }),
    ),
  ];
  return under(drawn, heights, options);
}

/** Height of candles beside the panes under them. */
export const CANDLES_SHARE = 2.5;

function paneHeights(shares: readonly number[], height: number): number[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => Math.round((height * share) / whole));
}

function under(
  drawn: readonly string[],
  heights: readonly number[],
  options: PanesOptions,
): string {
  if (drawn.length === 1) return drawn[0]!;
  let y = 0;
  const placed = drawn.map((svg, k) => {
    const at = y;
    y += heights[k]!;
    return svg.replace('<svg ', `<svg y="${at}" `);
  });
  const open = svgOpen(options.width, options.height, options.title ?? 'chart');
  return [open, ...placed, '</svg>'].join('\n');
}
