import { lowerBound } from '../../core/binary-search.ts';
import type { Millis } from '../../core/time.ts';
import type { BarColumns } from '../../market/bar.ts';
import { bucketBars, bucketColumn } from '../bucket-bars.ts';
import { GAIN, LINES, LOSS, PAPER } from '../palette.ts';
import { type FrameOptions, frame, paddedRange, plane, px } from './frame.ts';
import { linePath } from './line.ts';
import { numberTicks, type Tick, timeTicks } from './scale.ts';

/** A fill to mark on the candles. */
export interface CandleMark {
  readonly ts: Millis;
  readonly price: number;
  /** +1 buys, −1 sells. */
  readonly side: 1 | -1;
}

/** A column to draw over the candles, one value per bar. */
export interface CandleLine {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface CandleOptions extends FrameOptions {
  readonly marks?: readonly CandleMark[];
  readonly lines?: readonly CandleLine[];
}

const CANDLES_MAX = 250;

/**
 * Candles as an SVG document of a few kilobytes, joined to at most 250. They stand side by side, so that nights and
 * weekends take no room; a rising candle is hollow, so that it reads without colour. Marks: ▲ buy, ▼ sell.
 */
export function candlesSvg(bars: BarColumns, options: CandleOptions): string {
  const { bars: shown, size } = bucketBars(bars, CANDLES_MAX);
  const lines = (options.lines ?? []).map((line) => ({
    name: line.name,
    values: bucketColumn(line.values, size),
  }));
  const marks = options.marks ?? [];
  const n = shown.closeTs.length;
  const yRange = paddedRange([
    shown.low,
    shown.high,
    ...lines.map((line) => line.values),
    marks.map((mark) => mark.price),
  ]);
  const area = plane(options, [-0.5, Math.max(0.5, n - 0.5)], yRange);
  const half = Math.max(0.4, ((area.right - area.left) / Math.max(1, n)) * 0.32);

  let risingWicks = '';
  let risingBodies = '';
  let fallingWicks = '';
  let fallingBodies = '';
  for (let i = 0; i < n; i++) {
    const x = area.x(i);
    const rises = shown.close[i]! >= shown.open[i]!;
    const top = area.y(Math.max(shown.open[i]!, shown.close[i]!));
    const bottom = area.y(Math.min(shown.open[i]!, shown.close[i]!));
    const body = `M${px(x - half)} ${px(top)}h${px(2 * half)}v${px(Math.max(0.5, bottom - top))}h${px(-2 * half)}z`;
    const wick = `M${px(x)} ${px(area.y(shown.high[i]!))}V${px(area.y(shown.low[i]!))}`;
    if (rises) {
      risingWicks += wick;
      risingBodies += body;
    } else {
      fallingWicks += wick;
      fallingBodies += body;
    }
  }
  const drawing = [
    `<path d="${risingWicks}" stroke="${GAIN}"/>`,
    `<path d="${risingBodies}" stroke="${GAIN}" fill="${PAPER}"/>`,
    `<path d="${fallingWicks}" stroke="${LOSS}"/>`,
    `<path d="${fallingBodies}" stroke="${LOSS}" fill="${LOSS}"/>`,
  ];
  const at = Float64Array.from({ length: n }, (_, i) => i);
  const legend = lines.map((line, k) => ({ name: line.name, color: LINES[(k + 1) % 5]! }));
  lines.forEach((line, k) => {
    const d = linePath(at, line.values, area.x, area.y);
    drawing.push(`<path d="${d}" fill="none" stroke="${legend[k]!.color}" stroke-width="1.4"/>`);
  });
  drawing.push(markPaths(marks, shown, area.x, area.y));
  const xTicks = candleTicks(shown, Math.floor(area.width / 150));
  const yTicks = numberTicks(...yRange, Math.floor(area.height / 55));
  return frame(options, area, xTicks, yTicks, legend, drawing.join('\n'));
}

/** Time ticks, each at the first candle that opens at or after it. */
function candleTicks(bars: BarColumns, count: number): Tick[] {
  const n = bars.openTs.length;
  if (n === 0) return [];
  const ticks: Tick[] = [];
  for (const tick of timeTicks(bars.openTs[0]!, bars.openTs[n - 1]!, count)) {
    const at = bars.openTs.findIndex((ts) => ts >= tick.at);
    if (at !== ticks.at(-1)?.at) ticks.push({ at, label: tick.label });
  }
  return ticks;
}

/**
 * Triangles at the fills: buys point up from below the price, sells down from above it. A candle carries one of each,
 * the first.
 */
function markPaths(
  marks: readonly CandleMark[],
  bars: BarColumns,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const bought = new Set<number>();
  const sold = new Set<number>();
  let buys = '';
  let sells = '';
  for (const mark of marks) {
    const at = lowerBound(bars.closeTs, mark.ts);
    const marked = mark.side === 1 ? bought : sold;
    if (at === bars.closeTs.length || marked.has(at)) continue;
    marked.add(at);
    const tip = `M${px(x(at))} ${px(y(mark.price))}`;
    if (mark.side === 1) buys += `${tip}l4.5 8h-9z`;
    else sells += `${tip}l4.5 -8h-9z`;
  }
  const triangles = (d: string, fill: string) =>
    d === '' ? '' : `<path d="${d}" fill="${fill}" stroke="${PAPER}" stroke-width="0.8"/>`;
  return triangles(buys, '#004c7a') + triangles(sells, '#8f3f00');
}
