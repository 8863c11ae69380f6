/** Bernoulli numbers over 2k(2k − 1): the Stirling series of ln Γ. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156] as const;
const HALF_LOG_2PI = 0.9189385332046728;

/** From here on the Stirling series is exact to rounding. */
const LARGE = 15;

/** What the Stirling formula leaves out of ln Γ(x), for x ≥ LARGE. */
function stirlingRest(x: number): number {
  let series = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) series = series / (x * x) + STIRLING[k]!;
  return series / x;
}

/** ln Γ(x) for x > 0, shifted up to LARGE. */
function logGamma(x: number): number {
  let shift = 1;
  let y = x;
  for (; y < LARGE; y++) shift *= y;
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_2PI + stirlingRest(y) - Math.log(shift);
}

/** ln of the beta function B(a, b). */
function logBeta(a: number, b: number): number {
  const large = Math.max(a, b);
  const small = Math.min(a, b);
  if (large < LARGE) return logGamma(small) + logGamma(large) - logGamma(a + b);
  // ln Γ(large + small) − ln Γ(large) with the large terms cancelled by hand, for they would take the digits along.
  const rise =
    (large - 0.5) * Math.log1p(small / large) +
    small * (Math.log(a + b) - 1) +
    stirlingRest(a + b) -
    stirlingRest(large);
  return logGamma(small) - rise;
}

/**
 * Regularized incomplete beta function I_x(a, b).
 *
 * @param x          in [0, 1]
 * @param complement 1 − x, given apart because the caller can compute it without cancellation
 * Source: DLMF 8.17.22, the continued fraction, evaluated by Lentz's method.
 */
export function incompleteBeta(x: number, complement: number, a: number, b: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  // The fraction converges fast only below the mean of the distribution.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(complement, x, b, a);
  const front = Math.exp(a * logOf(x, complement) + b * logOf(complement, x) - logBeta(a, b));
  return (front / a) * fraction(x, a, b);
}

/** ln x, from its complement where x is near 1. */
function logOf(x: number, complement: number): number {
  return x > 0.5 ? Math.log1p(-complement) : Math.log(x);
}

const TINY = 1e-300;
const TERMS_MAX = 10_000;

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) <= Number.EPSILON) break;
  }
  return value;
}

function awayFromZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
