/** An ascending copy. */
export function sorted(values: Float64Array): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman & Fan (1996), the default of
 * `numpy.percentile`.
 *
 * @param ascending sorted values without NaN
 * @param p         in [0, 1]
 * @returns NaN when there are no values
 */
export function quantileSorted(ascending: Float64Array, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const at = (ascending.length - 1) * p;
  const below = Math.floor(at);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (at - below);
}
