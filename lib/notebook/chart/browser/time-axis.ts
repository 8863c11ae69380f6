import { lowerBound } from '../../../core/binary-search.ts';
import { numberTicks, timeTicks } from '../../../report/svg/scale.ts';
import type { Scene } from './scene.ts';
import { rule, write } from './words.ts';

/** Writes times (or numbers) under the panes, as many as have room. */
export function drawTimes(scene: Scene): void {
  const { brush, model, rows, ordinal, view, left, right, bottom } = scene;
  const count = Math.max(2, Math.floor((right - left) / 150));
  const series = model.panes[0]!.series[0]!;
  const x = rows.columns[series.x]!;
  const nearest = (at: number) => x[rows.nearestRow(series, at)]!;
  const from = ordinal ? nearest(view.from) : view.from;
  const to = ordinal ? nearest(view.to) : view.to;
  const ticks = model.axis === 'number' ? numberTicks : timeTicks;
  let free = Number.NEGATIVE_INFINITY;
  for (const { at, label } of ticks(from, to, count)) {
    const px = scene.toPixel(ordinal ? rows.toAxis(series, lowerBound(x, at)) : at);
    const { width } = brush.measureText(label);
    if (px < left - 1 || px > right + 1 || px - width / 2 < free) continue;
    free = px + width / 2 + 8;
    const middle = Math.round(px) + 0.5;
    rule(brush, middle, bottom, middle, bottom + 4, model.colors.grid);
    const inside = Math.min(px, scene.width - width / 2 - 2);
    write(brush, label, inside, bottom + 17, 'center', model.colors.faint);
  }
}
