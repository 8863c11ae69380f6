/** The number, or NaN for one that is not known: a ratio over zero is unknown, never infinite. */
export function known(x: number): number {
  return Number.isFinite(x) ? x : Number.NaN;
}
