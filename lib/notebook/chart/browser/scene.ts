import { lowerBound } from '../../../core/binary-search.ts';
import type { ChartModel, SeriesModel } from '../model.ts';
import type { Brush, Stretch } from './draw.ts';
import { buildLevels, type Level, levelFor } from './levels.ts';
import type { Canvas } from './page.ts';
import type { View } from './view.ts';

/** What is drawn, which part of it is seen, and where that lies on the canvas. */
export class Scene {
  readonly model: ChartModel;
  readonly columns: readonly Float64Array[];
  readonly brush: Brush;
  /** The axis counts rows, and the times are written on it. */
  readonly ordinal: boolean;
  readonly whole: View;
  /** The smallest part that one may zoom to. */
  readonly least: number;
  readonly left = 64;
  readonly top: number;
  view: View;
  pointer: { readonly x: number; readonly y: number } | null = null;
  dragged: { readonly x: number; readonly view: View } | null = null;
  readonly #canvas: Canvas;
  readonly #levels = new Map<object, readonly Level[]>();

  constructor(canvas: Canvas, model: ChartModel, columns: readonly Float64Array[]) {
    this.#canvas = canvas;
    this.model = model;
    this.columns = columns;
    this.brush = canvas.getContext('2d');
    this.ordinal = model.axis === 'rows';
    this.top = model.title === '' ? 26 : 46;
    let least = Number.POSITIVE_INFINITY;
    let whole: View = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
    for (const series of model.panes.flatMap((pane) => pane.series)) {
      const y = series.y.map((column) => columns[column]!);
      this.#levels.set(series, buildLevels(y.length === 1 ? [y[0]!, y[0]!] : y));
      const x = columns[series.x]!;
      if (x.length === 0) continue;
      const from = this.ordinal ? -0.5 : x[0]!;
      const to = this.ordinal ? x.length - 0.5 : x[x.length - 1]!;
      whole = { from: Math.min(whole.from, from), to: Math.max(whole.to, to) };
      least = Math.min(least, ((to - from) / Math.max(1, x.length)) * 8);
    }
    if (!(whole.to > whole.from)) whole = { from: whole.from - 0.5, to: whole.from + 0.5 };
    this.least = least;
    this.whole = whole;
    this.view = whole;
  }

  get width(): number {
    return this.#canvas.clientWidth;
  }

  get right(): number {
    return this.#canvas.clientWidth - 14;
  }

  get bottom(): number {
    return this.#canvas.clientHeight - 26;
  }

  toPixel(at: number): number {
    const { from, to } = this.view;
    return this.left + ((at - from) / (to - from)) * (this.right - this.left);
  }

  fromPixel(px: number): number {
    const { from, to } = this.view;
    return from + ((px - this.left) / (this.right - this.left)) * (to - from);
  }

  /**
   * The rows of a series that are seen, at the level that the width can show.
   *
   * @param perRow pixels that a row needs
   */
  stretchOf(series: SeriesModel, perRow: number): Omit<Stretch, 'y'> {
    const x = this.columns[series.x]!;
    const { from: seenFrom, to: seenTo } = this.view;
    const first = this.ordinal ? Math.max(0, Math.floor(seenFrom)) : lowerBound(x, seenFrom) - 1;
    const end = this.ordinal ? Math.ceil(seenTo) + 1 : lowerBound(x, seenTo) + 1;
    const rowsMax = Math.max(1, (this.right - this.left) / perRow);
    const level = levelFor(this.#levels.get(series)!, Math.min(end, x.length) - first, rowsMax);
    const { size } = level;
    const middle = (size - 1) / 2;
    return {
      level,
      from: Math.max(0, Math.floor(first / size)),
      to: Math.min(level.y[0]!.length, Math.ceil(end / size)),
      x: this.ordinal
        ? (row) => this.toPixel(row * size + middle)
        : (row) => this.toPixel(x[Math.min(x.length - 1, Math.floor(row * size + middle))]!),
    };
  }
}
