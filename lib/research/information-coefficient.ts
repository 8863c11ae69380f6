import { sampleCorrelation } from 'simple-statistics';
import { forwardReturns } from './forward-returns.ts';
import { ranks } from './ranks.ts';

/** How well a feature ranked what came after it, over one horizon. */
export interface InformationCoefficient {
  /** In bars. */
  readonly horizon: number;
  /** Rank correlation (Spearman) of feature and forward return, in [−1, 1]; NaN when either never varies. */
  readonly ic: number;
  /** Of `ic`, were it 0, from the independent rows only. */
  readonly stdErr: number;
  /** `ic / stdErr`: beyond ±2 chance alone is a poor explanation, for one feature and one horizon. */
  readonly t: number;
  /** Rows where both are known, and how many of them do not share a day of their future: `rows / horizon`. */
  readonly rows: number;
  readonly independent: number;
}

/**
 * The information coefficient of a feature at each horizon. Forward returns over h bars overlap, so that neighbouring rows
 * tell the same story; only one row in h counts as evidence, which is a cautious reading.
 *
 * @param feature one value per bar, known at its close; NaN where it is not known
 * @param close   of the same bars
 * Source: Grinold & Kahn (1999), "Active Portfolio Management", ch. 4, with Spearman's correlation; its standard error
 * under no relation is 1/√(n − 1).
 */
export function informationCoefficient(
  feature: Float64Array,
  close: Float64Array,
  horizons: readonly number[],
): InformationCoefficient[] {
  return horizons.map((horizon) => {
    const future = forwardReturns(close, horizon);
    const known = [...feature.keys()].filter(
      (i) => Number.isFinite(feature[i]) && Number.isFinite(future[i]),
    );
    const rankOf = (values: Float64Array) => Array.from(ranks(known.map((i) => values[i]!)));
    const ic = known.length < 2 ? Number.NaN : sampleCorrelation(rankOf(feature), rankOf(future));
    const independent = Math.floor(known.length / horizon);
    const stdErr = independent > 1 ? 1 / Math.sqrt(independent - 1) : Number.NaN;
    return { horizon, ic, stdErr, t: ic / stdErr, rows: known.length, independent };
  });
}
