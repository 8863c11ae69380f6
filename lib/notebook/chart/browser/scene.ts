import type { ChartModel, SeriesModel, Wanted } from '../model.ts';
import type { Brush, Stretch } from './draw.ts';
import { levelFor } from './levels.ts';
import type { Canvas, RowsAnswer } from './page.ts';
import { Rows } from './rows.ts';
import type { View } from './view.ts';

/** Rows that a zoom leaves in sight at least. */
const ROWS_LEAST = 8;

/** What is drawn, which part of it is seen, and where that lies on the canvas. */
export class Scene {
  readonly model: ChartModel;
  /** Those that the page carries. */
  readonly columns: readonly Float64Array[];
  readonly brush: Brush;
  /** The axis counts rows, and the times are written on it. */
  readonly ordinal: boolean;
  readonly whole: View;
  readonly left = 64;
  readonly top: number;
  view: View;
  pointer: { readonly x: number; readonly y: number } | null = null;
  dragged: { readonly x: number; readonly view: View } | null = null;
  /** Why the rows themselves cannot be had; empty while nobody has said so. */
  refusal = '';
  readonly #canvas: Canvas;
  readonly #carried: Rows;
  readonly #leastCarried: number;
  /** The rows themselves of the stretch that was seen last, and the part of the axis that they cover. */
  #exact: { readonly rows: Rows; readonly span: View } | null = null;

  constructor(canvas: Canvas, model: ChartModel, columns: readonly Float64Array[]) {
    this.#canvas = canvas;
    this.model = model;
    this.columns = columns;
    this.brush = canvas.getContext('2d');
    this.ordinal = model.axis === 'rows';
    this.top = model.title === '' ? 26 : 46;
    this.#carried = new Rows(model, columns);
    let least = Number.POSITIVE_INFINITY;
    let whole: View = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
    for (const series of model.panes.flatMap((pane) => pane.series)) {
      const { length } = columns[series.x]!;
      if (length === 0) continue;
      const { from, to } = this.#carried.spanOf(series);
      whole = { from: Math.min(whole.from, from), to: Math.max(whole.to, to) };
      least = Math.min(least, ((to - from) / Math.max(1, length)) * ROWS_LEAST);
    }
    if (!(whole.to > whole.from)) whole = { from: whole.from - 0.5, to: whole.from + 0.5 };
    this.#leastCarried = least;
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

  /** How many rows each of those carried stands for. */
  get joined(): number {
    return this.model.joined?.size ?? 1;
  }

  /** The smallest part that one may zoom to: finer where a kernel gives the rows themselves. */
  get least(): number {
    return this.#exact === null ? this.#leastCarried : this.#leastCarried / this.joined;
  }

  /** The rows themselves, where those of all that is seen are here. */
  get isExact(): boolean {
    const { span } = this.#exact ?? { span: null };
    const { from, to } = this.view;
    return this.joined === 1 || (span !== null && span.from <= from && to <= span.to);
  }

  get rows(): Rows {
    return this.#exact !== null && this.isExact ? this.#exact.rows : this.#carried;
  }

  /** The stretch whose rows themselves would show more than those carried; null when none. */
  get wanted(): Wanted | null {
    if (this.isExact || this.width === 0) return null;
    const series = this.model.panes.flatMap((pane) => pane.series);
    if (!series.some((one) => this.stretchOf(one, pixelsPerRow(one)).level.size === 1)) return null;
    // As much again on both sides, for the next move.
    const size = this.view.to - this.view.from;
    return { from: this.#toWanted(this.view.from - size), to: this.#toWanted(this.view.to + size) };
  }

  /** Takes the rows themselves of a stretch. */
  take({ from, to, first, columns }: RowsAnswer): void {
    const rows = new Rows(this.model, columns, first, this.joined);
    this.#exact = { rows, span: { from: this.#fromWanted(from), to: this.#fromWanted(to) } };
    this.refusal = '';
  }

  /** Place on the axis to row, or what else the axis counts, and back. */
  #toWanted(at: number): number {
    return this.ordinal ? (at + 0.5) * this.joined - 0.5 : at;
  }

  #fromWanted(at: number): number {
    return this.ordinal ? (at + 0.5) / this.joined - 0.5 : at;
  }

  /** Pixel of a row that was not joined, such as that of a fill. */
  rowToPixel(row: number): number {
    return this.toPixel(this.#fromWanted(row));
  }

  /** The rows, not joined, of the fills in sight. */
  get rowsSeen(): View {
    return { from: this.#toWanted(this.view.from), to: this.#toWanted(this.view.to) };
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
    const { rows } = this;
    const { length } = rows.columns[series.x]!;
    const { from: seenFrom, to: seenTo } = this.view;
    const before = rows.toRow(series, seenFrom);
    const first = this.ordinal ? Math.max(0, Math.floor(before)) : before - 1;
    const end = Math.ceil(rows.toRow(series, seenTo)) + 1;
    const rowsMax = Math.max(1, (this.right - this.left) / perRow);
    const level = levelFor(rows.levelsOf(series), Math.min(end, length) - first, rowsMax);
    const { size } = level;
    // The last of a level may stand for fewer rows.
    const middle = (row: number) => (row * size + Math.min(length, (row + 1) * size) - 1) / 2;
    return {
      level,
      from: Math.max(0, Math.floor(first / size)),
      to: Math.min(level.y[0]!.length, Math.ceil(end / size)),
      x: (row) => this.toPixel(rows.toAxis(series, middle(row))),
    };
  }
}

/** Pixels that a row of the series needs. */
export function pixelsPerRow({ kind }: SeriesModel): number {
  return kind === 'candles' ? 3 : kind === 'bars' ? 2 : 1;
}
