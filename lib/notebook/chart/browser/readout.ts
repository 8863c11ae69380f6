import type { SeriesModel } from '../model.ts';
import type { Scene } from './scene.ts';
import { readable } from './view.ts';
import { rule, write } from './words.ts';

/** Writes the row under the pointer, and what each series is there; gives what it wrote. */
export function drawReadout(scene: Scene): string {
  const { brush, model, rows, pointer, left, right, top, bottom } = scene;
  if (pointer === null || scene.dragged !== null || pointer.x < left || pointer.x > right) {
    return '';
  }
  const words: string[] = [];
  let when = Number.NaN;
  const at = scene.fromPixel(pointer.x);
  for (const pane of model.panes) {
    for (const series of pane.series) {
      const x = rows.columns[series.x]!;
      if (x.length === 0) continue;
      const row = rows.nearestRow(series, at);
      when = x[row]!;
      const values = series.y.map((column) => rows.columns[column]![row]!);
      if (!values.some(Number.isNaN)) words.push(seriesWords(series, values, pane.label));
    }
  }
  const moment =
    model.axis === 'number'
      ? readable(when)
      : new Date(when).toISOString().slice(0, 19).replace('T', ' ');
  const { joined } = model;
  const start = joined && !scene.isExact ? `${joined.size} ${joined.of}s from ${moment}` : moment;
  const line = `${start}   ${words.join('   ')}`;
  const { colors } = model;
  const middle = Math.round(pointer.x) + 0.5;
  rule(brush, middle, top, middle, bottom, colors.faint);
  // Sets the font that the line is measured in.
  write(brush, '', 0, 0, 'left', colors.ink);
  const { width } = brush.measureText(line);
  brush.fillStyle = colors.paper;
  brush.fillRect(left + 4, top + 2, width + 8, 18);
  write(brush, line, left + 8, top + 15, 'left', colors.ink);
  return line;
}

function seriesWords({ kind, name }: SeriesModel, values: number[], label: string): string {
  if (kind === 'candles') return `O H L C ${values.map(readable).join('  ')}`;
  // Low and high of a line are one and the same where nothing was joined.
  return `${name || label} ${[...new Set(values)].map(readable).join('  ')}`;
}
