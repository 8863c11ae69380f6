/** Index of the first element ≥ `target` in [from, length) of an ascending series; `length` when there is none. */
export function lowerBound(
  ascending: ArrayLike<number>,
  target: number,
  length = ascending.length,
  from = 0,
): number {
  let low = from;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same for an element that is likely near `from`: the steps to it double until they are beyond it. */
export function lowerBoundNear(
  ascending: Float64Array,
  target: number,
  length: number,
  from: number,
): number {
  let low = from;
  let step = 1;
  while (low + step < length && ascending[low + step]! < target) {
    low += step;
    step *= 2;
  }
  return lowerBound(ascending, target, Math.min(low + step, length), low);
}
