import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { rowsAsOf } from '../market/as-of.ts';
import type { BarColumns } from '../market/bar.ts';

/** What of a run tells its positions; a `BacktestResult` has it. */
export interface HeldRun {
  readonly instruments: readonly unknown[];
  /** In the order in which they happened. */
  readonly fills: readonly {
    readonly ts: Millis;
    readonly instrument: number;
    readonly side: 1 | -1;
    readonly qty: number;
  }[];
  readonly equity: { readonly ts: Float64Array; readonly value: Float64Array };
  readonly run: { readonly corporateActions?: unknown };
  readonly rates: unknown;
}

/**
 * What a run held: for each of its instruments, the position's value as a signed share of equity at each moment. The
 * sum of their sizes is the gross exposure, the largest is the concentration, and all of them are a heat map.
 *
 * @param series the bars of the run, one per instrument and in the order of the run
 * @param times  moments ascending, such as `result.equity.ts`; NaN before the first bar of the run
 * @throws LabError `usage` for another number of series, and for runs with corporate actions or several currencies,
 * whose units and prices have more to them than fills tell
 */
export function heldShares(
  result: HeldRun,
  series: readonly BarColumns[],
  times: Float64Array,
): Float64Array[] {
  const { instruments, fills, equity, run, rates } = result;
  if (series.length !== instruments.length) {
    throw new LabError(
      'usage',
      `the run has ${instruments.length} instruments, and ${series.length} series were given; give the bars of each`,
    );
  }
  if (run.corporateActions !== undefined || rates !== undefined) {
    throw new LabError(
      'usage',
      'the shares of a run with corporate actions or several currencies are not known from its fills alone; give it adjusted bars in one currency',
    );
  }
  const marked = rowsAsOf(times, equity.ts);
  return series.map(({ closeTs, close }, k) => {
    const own = fills.filter(({ instrument }) => instrument === k);
    const rows = rowsAsOf(times, closeTs);
    let next = 0;
    let units = 0;
    return times.map((ts, i) => {
      for (; next < own.length && own[next]!.ts <= ts; next++) {
        units += own[next]!.side * own[next]!.qty;
      }
      const worth = equity.value[marked[i]!];
      // A market that has had no bar yet cannot be held.
      return worth === undefined ? Number.NaN : (units * (close[rows[i]!] ?? 0)) / worth;
    });
  });
}

/** How much is held at each moment, and in how many places. */
export interface HeldExposure {
  /** Σ |share|, as a multiple of equity. */
  readonly gross: Float64Array;
  /** The largest |share|. */
  readonly largest: Float64Array;
  /** How many positions of equal size would be as concentrated: (Σ |share|)² / Σ share²; NaN while nothing is held. */
  readonly positions: Float64Array;
}

/**
 * Exposure and concentration over time, of shares as `heldShares` gives them.
 * Source: `positions` is the inverse of the Herfindahl–Hirschman index.
 */
export function heldExposure(shares: readonly Float64Array[]): HeldExposure {
  const moments = new Float64Array(shares[0]?.length ?? 0);
  const over = (next: (so: number, share: number) => number) =>
    moments.map((_, i) => shares.reduce((so, column) => next(so, column[i]!), 0));
  const gross = over((sum, share) => sum + Math.abs(share));
  const largest = over((most, share) => Math.max(most, Math.abs(share)));
  const squares = over((sum, share) => sum + share * share);
  return { gross, largest, positions: gross.map((size, i) => (size * size) / squares[i]!) };
}
