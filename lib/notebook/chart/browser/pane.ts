import { lowerBound } from '../../../core/binary-search.ts';
import { numberTicks } from '../../../report/svg/scale.ts';
import type { PaneModel } from '../model.ts';
import { drawBars, drawCandles, drawLine, drawMark, type Stretch } from './draw.ts';
import { pixelsPerRow, type Scene } from './scene.ts';
import { rule, write } from './words.ts';

/** Draws one pane between two heights: its scale, its legend, its series, and the marks of fills in the first. */
export function drawPane(scene: Scene, pane: PaneModel, top: number, bottom: number): void {
  const { brush, left, right, model } = scene;
  const { colors } = model;
  const stretches = pane.series.map((series) => scene.stretchOf(series, pixelsPerRow(series)));
  const [low, high] = seenRange(pane, stretches);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  for (const { at, label } of numberTicks(low, high, Math.max(2, (bottom - top) / 55))) {
    rule(brush, left, Math.round(y(at)) + 0.5, right, Math.round(y(at)) + 0.5, colors.grid);
    write(brush, label, left - 8, y(at) + 4, 'right', colors.faint);
  }
  write(brush, pane.label, left, top - 9, 'left', colors.faint);
  drawLegend(scene, pane, top);
  brush.save();
  brush.beginPath();
  brush.rect(left, top, right - left, bottom - top);
  brush.clip();
  pane.series.forEach((series, k) => {
    const stretch: Stretch = { ...stretches[k]!, y };
    if (series.kind === 'candles') drawCandles(brush, stretch, colors);
    else if (series.kind === 'bars') drawBars(brush, stretch, series.color);
    else drawLine(brush, stretch, series.color);
  });
  if (pane === model.panes[0]) drawMarks(scene, y);
  brush.restore();
}

/** The lowest and highest value in sight, with a little air. */
function seenRange(pane: PaneModel, stretches: readonly Omit<Stretch, 'y'>[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  pane.series.forEach(({ kind }, k) => {
    const { level, from, to } = stretches[k]!;
    const lows = level.y[kind === 'candles' ? 2 : 0]!;
    const highs = level.y[1]!;
    for (let i = from; i < to; i++) {
      if (lows[i]! < low) low = lows[i]!;
      if (highs[i]! > high) high = highs[i]!;
    }
    if (kind === 'bars') {
      low = Math.min(low, 0);
      high = Math.max(high, 0);
    }
  });
  if (low > high) [low, high] = [0, 1];
  const padding = high > low ? (high - low) * 0.04 : Math.abs(high) * 0.01 || 1;
  return [low - padding, high + padding];
}

function drawLegend({ brush, right, model }: Scene, pane: PaneModel, top: number): void {
  let end = right;
  for (const { name, color, kind } of [...pane.series].reverse()) {
    if (kind === 'candles' || pane.series.length === 1) continue;
    write(brush, name, end, top - 9, 'right', model.colors.ink);
    end -= brush.measureText(name).width + 6;
    brush.fillStyle = color;
    brush.fillRect(end - 14, top - 14, 14, 2.5);
    end -= 26;
  }
}

function drawMarks(scene: Scene, y: (value: number) => number): void {
  const { model, columns, rowsSeen, brush } = scene;
  if (!model.marks) return;
  const at = columns[model.marks.x]!;
  const price = columns[model.marks.price]!;
  const side = columns[model.marks.side]!;
  const drawn = { buy: Number.NaN, sell: Number.NaN };
  for (let i = lowerBound(at, rowsSeen.from); i < at.length && at[i]! <= rowsSeen.to; i++) {
    const which = side[i]! > 0 ? 'buy' : 'sell';
    const x = scene.rowToPixel(at[i]!);
    // Marks nearer than a pixel hide each other.
    if (Math.abs(x - drawn[which]) < 1) continue;
    drawn[which] = x;
    drawMark(brush, x, y(price[i]!), side[i]!, model.colors[which]);
  }
}
