/** Ranks from 1, ascending; equal values share the mean of their ranks. No NaN may be among them. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranked = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    // Ranks from + 1 … to; their mean.
    for (let at = from; at < to; at++) ranked[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranked;
}
