import { lowerBound } from '../../../core/binary-search.ts';
import type { ChartModel, SeriesModel } from '../model.ts';
import { buildLevels, type Level } from './levels.ts';
import type { View } from './view.ts';

/**
 * Columns, and where their rows lie on the axis: those that the page carries, or the rows themselves of a stretch, as a
 * kernel gave them. Where the axis counts rows it counts those carried; each holds `perCarried` of the rows themselves.
 */
export class Rows {
  readonly columns: readonly Float64Array[];
  readonly #ordinal: boolean;
  readonly #first: number;
  readonly #perCarried: number;
  readonly #levels = new Map<SeriesModel, readonly Level[]>();

  /** @param first number of the first row */
  constructor(model: ChartModel, columns: readonly Float64Array[], first = 0, perCarried = 1) {
    this.columns = columns;
    this.#ordinal = model.axis === 'rows';
    this.#first = first;
    this.#perCarried = perCarried;
    for (const series of model.panes.flatMap((pane) => pane.series)) {
      const y = series.y.map((column) => columns[column]!);
      this.#levels.set(series, buildLevels(y.length === 1 ? [y[0]!, y[0]!] : y));
    }
  }

  /** The series at every level of detail. */
  levelsOf(series: SeriesModel): readonly Level[] {
    return this.#levels.get(series)!;
  }

  /** The first row at or after a place of the axis; where the axis counts rows, with its fraction. */
  toRow({ x }: SeriesModel, at: number): number {
    if (!this.#ordinal) return lowerBound(this.columns[x]!, at);
    return (at + 0.5) * this.#perCarried - 0.5 - this.#first;
  }

  /** The place of a row on the axis. */
  toAxis({ x: column }: SeriesModel, row: number): number {
    if (this.#ordinal) return (this.#first + row + 0.5) / this.#perCarried - 0.5;
    const x = this.columns[column]!;
    return x[Math.min(x.length - 1, Math.floor(row))]!;
  }

  /** The row whose place is nearest; at least 0, at most the last. */
  nearestRow(series: SeriesModel, at: number): number {
    const x = this.columns[series.x]!;
    const after = this.#ordinal ? Math.round(this.toRow(series, at)) : this.toRow(series, at);
    const row = Math.min(x.length - 1, Math.max(0, after));
    return !this.#ordinal && row > 0 && at - x[row - 1]! < x[row]! - at ? row - 1 : row;
  }

  /** The part of the axis that a series covers; bars reach half a step beyond their first and last. */
  spanOf(series: SeriesModel): View {
    const x = this.columns[series.x]!;
    if (this.#ordinal) return { from: -0.5, to: x.length - 0.5 };
    const [from, to] = [x[0]!, x[x.length - 1]!];
    const half = series.kind === 'bars' ? (to - from) / (2 * Math.max(1, x.length - 1)) : 0;
    return { from: from - half, to: to + half };
  }
}
