import { mean } from 'simple-statistics';
import { LabError } from '../core/errors.ts';
import { ranks } from './ranks.ts';

/** Markets beside each other at many moments, one row for each market at each moment. */
export interface CrossSection {
  /** Where the feature placed the market among those of its moment, in (0, 1): the least of n has 1 / 2n. */
  readonly place: Float64Array;
  /** What the market then earned, less the mean of all of its moment: what all of them shared is gone. */
  readonly beyond: Float64Array;
}

/**
 * Compares the markets of a universe with each other, and not with their own past. `byQuantile(place, beyond)` then says
 * whether those that stood high did better than the rest.
 *
 * @param features one column per market, known at its row; NaN leaves the market out of that moment
 * @param outcomes of the same markets and rows, such as `forwardReturns`
 * @param rows     the moments; as far apart as the outcome reaches ahead, or neighbours tell the same story
 * @throws LabError `data` when columns differ in number or length, or fewer than two markets are ever known at once
 */
export function crossSection(
  features: readonly Float64Array[],
  outcomes: readonly Float64Array[],
  rows: Iterable<number>,
): CrossSection {
  const length = features[0]?.length;
  const even = [...features, ...outcomes].every((column) => column.length === length);
  if (features.length !== outcomes.length || !even) {
    throw new LabError(
      'data',
      `${features.length} features and ${outcomes.length} outcomes, of ${even ? 'one length' : 'different lengths'}; give one of each per market, over the same moments`,
    );
  }
  const place: number[] = [];
  const beyond: number[] = [];
  for (const row of rows) {
    const known = [...features.keys()].filter(
      (k) => Number.isFinite(features[k]![row]) && Number.isFinite(outcomes[k]![row]),
    );
    if (known.length < 2) continue;
    const ranked = ranks(known.map((k) => features[k]![row]!));
    const earned = known.map((k) => outcomes[k]![row]!);
    const shared = mean(earned);
    place.push(...Array.from(ranked, (rank) => (rank - 0.5) / known.length));
    beyond.push(...earned.map((value) => value - shared));
  }
  if (place.length > 0) {
    return { place: Float64Array.from(place), beyond: Float64Array.from(beyond) };
  }
  throw new LabError(
    'data',
    'at none of the rows are two markets known; give rows where features and outcomes are',
  );
}
