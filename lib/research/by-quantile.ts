import { mean, sampleStandardDeviation } from 'simple-statistics';
import { LabError } from '../core/errors.ts';

/** One of the equal parts of a sorted feature, and the mean of what followed it. */
export interface QuantileRow {
  /** 1 for the lowest values. */
  readonly part: number;
  /** Least and greatest value of the feature in it. */
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  /** Of the mean, were the rows independent; forward returns over h bars overlap, so read it as √h times as large. */
  readonly stdErr: number;
  readonly rows: number;
}

/**
 * Sorts the rows by a feature, cuts them into parts of equal size, and says what followed on average in each. A feature
 * that means something gives a staircase; one bucket alone is a coincidence until shown otherwise.
 *
 * @param outcome one value per row, such as forward returns; rows where either is NaN are left out
 * @param parts   2 or more; 5 by default
 * @throws LabError `data` for fewer than two rows per part
 */
export function byQuantile(feature: Float64Array, outcome: Float64Array, parts = 5): QuantileRow[] {
  const known = [...feature.keys()]
    .filter((i) => Number.isFinite(feature[i]) && Number.isFinite(outcome[i]))
    .sort((a, b) => feature[a]! - feature[b]!);
  if (!(parts >= 2 && known.length >= 2 * parts)) {
    throw new LabError(
      'data',
      `${known.length} rows cannot be cut into ${parts} parts; give 2 parts or more, of 2 rows or more`,
    );
  }
  return Array.from({ length: parts }, (_, k) => {
    const from = Math.floor((k * known.length) / parts);
    const part = known.slice(from, Math.floor(((k + 1) * known.length) / parts));
    const values = part.map((i) => outcome[i]!);
    return {
      part: k + 1,
      from: feature[part[0]!]!,
      to: feature[part.at(-1)!]!,
      mean: mean(values),
      stdErr: sampleStandardDeviation(values) / Math.sqrt(values.length),
      rows: values.length,
    };
  });
}
