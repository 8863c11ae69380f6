/**
 * A line joined `size` points at a time, the lowest and the highest of each kept, so that no spike is lost.
 *
 * @returns x of the first point of each; low and high are the line itself when `size` is 1
 */
export function joinLine(
  x: Float64Array,
  y: Float64Array,
  size: number,
): { readonly x: Float64Array; readonly low: Float64Array; readonly high: Float64Array } {
  if (size === 1) return { x, low: y, high: y };
  const rows = Math.ceil(x.length / size);
  const joined = {
    x: new Float64Array(rows),
    low: new Float64Array(rows),
    high: new Float64Array(rows),
  };
  for (let k = 0; k < rows; k++) {
    const to = Math.min((k + 1) * size, x.length);
    let low = Number.NaN;
    let high = Number.NaN;
    for (let i = k * size; i < to; i++) {
      // Written so that a NaN in `low` gives way to the first known value, and an unknown value changes nothing.
      if (!(low <= y[i]!)) low = Number.isNaN(y[i]!) ? low : y[i]!;
      if (!(high >= y[i]!)) high = Number.isNaN(y[i]!) ? high : y[i]!;
    }
    joined.x[k] = x[k * size]!;
    joined.low[k] = low;
    joined.high[k] = high;
  }
  return joined;
}
