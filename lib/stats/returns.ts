/**
 * Simple returns of an equity curve: n − 1 of them from n points, as fractions. NaN where the equity before was not
 * above 0, since a ruined account has no return.
 */
export function simpleReturns(equity: ArrayLike<number>): Float64Array {
  const returns = new Float64Array(Math.max(0, equity.length - 1));
  for (let i = 0; i < returns.length; i++) {
    const before = equity[i]!;
    returns[i] = before > 0 ? equity[i + 1]! / before - 1 : Number.NaN;
  }
  return returns;
}
