import { lowerBound } from '../../core/binary-search.ts';
import type { Bar, BarColumns } from '../../market/bar.ts';

/** Bars of a lower timeframe beside those of a run, to see what happened inside one of them. */
export class FinerBars {
  readonly #columns: readonly (BarColumns | undefined)[];

  /** @param columns by instrument of the run; undefined where there are none */
  constructor(columns: readonly (BarColumns | undefined)[]) {
    this.#columns = columns;
  }

  /** The finer bars that lie inside a bar, in order; none when there are none. */
  *within(instrument: number, bar: Bar): Generator<Bar> {
    const columns = this.#columns[instrument];
    if (columns === undefined) return;
    const { openTs, closeTs, open, high, low, close, volume } = columns;
    for (let i = lowerBound(openTs, bar.openTs); closeTs[i]! <= bar.closeTs; i++) {
      yield {
        openTs: openTs[i]!,
        closeTs: closeTs[i]!,
        open: open[i]!,
        high: high[i]!,
        low: low[i]!,
        close: close[i]!,
        volume: volume[i]!,
      };
    }
  }
}
