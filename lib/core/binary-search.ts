/** Index of the first element ≥ `target` in an ascending series; its length when there is none. */
export function lowerBound(
  ascending: ArrayLike<number>,
  target: number,
  length = ascending.length,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}
