/** A line with fewer points. */
export interface ThinLine {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Thins a line for the eye without hiding a spike: of each stretch the lowest and the highest point stay, in order, and
 * both ends of the line.
 *
 * @param max points to keep, at least 4; shorter lines come back as they are
 */
export function thinLine(x: Float64Array, y: Float64Array, max: number): ThinLine {
  const n = x.length;
  if (n <= max) return { x, y };
  const stretches = Math.floor((max - 2) / 2);
  const keep: number[] = [0];
  for (let k = 0; k < stretches; k++) {
    const from = 1 + Math.floor((k * (n - 2)) / stretches);
    const to = 1 + Math.floor(((k + 1) * (n - 2)) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
    }
    keep.push(Math.min(low, high));
    if (low !== high) keep.push(Math.max(low, high));
  }
  keep.push(n - 1);
  return { x: Float64Array.from(keep, (i) => x[i]!), y: Float64Array.from(keep, (i) => y[i]!) };
}
