/** The part of the axis that is seen, in rows or in the units of x. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Zoomed by `factor` (below 1 goes nearer) about a point, and kept within the whole. */
export function zoomed(
  view: View,
  whole: View,
  about: number,
  factor: number,
  least: number,
): View {
  const size = Math.min(whole.to - whole.from, Math.max(least, (view.to - view.from) * factor));
  const share = (about - view.from) / (view.to - view.from);
  return within({ from: about - share * size, to: about + (1 - share) * size }, whole);
}

/** Moved as little as needed to lie within the whole. */
export function within(view: View, whole: View): View {
  const size = Math.min(view.to - view.from, whole.to - whole.from);
  const from = Math.min(Math.max(view.from, whole.from), whole.to - size);
  return { from, to: from + size };
}

/** A number with as many digits as its size deserves. */
export function readable(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1000 ? 2 : size >= 1 ? 4 : 6;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits }).replace('-', '−');
}
