import { assert } from '../core/assert.ts';
import { incompleteBeta } from './incomplete-beta.ts';

/** c₀ + c₁·x + c₂·x² + …, by Horner. */
function polynomial(c: readonly number[], x: number): number {
  let value = 0;
  for (let i = c.length - 1; i >= 0; i--) value = value * x + c[i]!;
  return value;
}

// Numerators and denominators of Cody (1969), "Rational Chebyshev approximations for the error function", scaled to the
// normal distribution as in his ANORM (ACM TOMS algorithm 715, 1993); lowest power first.
const CENTRE_TOP = [
  18154.98125334356, 1067.6894854603709, 161.02823106855587, 2.2352520354606837,
  0.06568233791820745,
];
const CENTRE_BOTTOM = [
  45507.78933502673, 10260.932208618979, 976.0985517377767, 47.202581904688245, 1,
];
const MIDDLE_TOP = [
  9842.714838383978, 11602.65143764735, 6848.190450536283, 2494.5375852903726, 597.2702763948002,
  93.50665613217785, 8.883149794388377, 0.39894151208813466, 1.0765576773720192e-8,
];
const MIDDLE_BOTTOM = [
  19685.429676859992, 38912.00328609327, 34900.95272114598, 18615.571640885097, 6485.558298266761,
  1519.3775994075547, 235.387901782625, 22.266688044328117, 1,
];
const ONE_OVER_SQRT_2PI = 0.3989422804014327;
/** Enough for the last bit from √32 on. */
const MILLS_TERMS = 24;

/**
 * Standard normal distribution function Φ(x), to about 1e-15 relative even far in the lower tail.
 *
 * @returns in [0, 1]; NaN for NaN
 */
export function normalCdf(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.67448975) {
    const squared = x * x;
    return 0.5 + (x * polynomial(CENTRE_TOP, squared)) / polynomial(CENTRE_BOTTOM, squared);
  }
  const tail = y < 38.6 ? upperTail(y) : 0;
  return x > 0 ? 1 - tail : Number.isNaN(x) ? Number.NaN : tail;
}

/** 1 − Φ(y) for y > 0.67. */
function upperTail(y: number): number {
  // y² rounded would lose digits in exp; splitting off a short head keeps them.
  const head = Math.trunc(y * 16) / 16;
  const density = Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (y - head) * (y + head));
  if (y <= Math.sqrt(32)) {
    return (density * polynomial(MIDDLE_TOP, y)) / polynomial(MIDDLE_BOTTOM, y);
  }
  // Beyond, Laplace's continued fraction for the Mills ratio converges in a few terms.
  let mills = y;
  for (let k = MILLS_TERMS; k > 0; k--) mills = y + k / mills;
  return (density * ONE_OVER_SQRT_2PI) / mills;
}

// PPND16 of Wichura (1988), algorithm AS 241, Applied Statistics 37, 477–484; lowest power first.
const NEAR_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const NEAR_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const FAR_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 7.745450142783414e-4,
];
const FAR_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 5.475938084995345e-4, 1.0507500716444169e-9,
];
const EXTREME_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const EXTREME_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 7.868691311456133e-4,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * Standard normal quantile Φ⁻¹(p), to about 1e-15 relative.
 *
 * @param p in (0, 1)
 * @returns NaN at or outside the ends, where the quantile is not a number
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return Number.NaN;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(NEAR_TOP, r)) / polynomial(NEAR_BOTTOM, r);
  }
  const depth = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const size =
    depth <= 5
      ? polynomial(FAR_TOP, depth - 1.6) / polynomial(FAR_BOTTOM, depth - 1.6)
      : polynomial(EXTREME_TOP, depth - 5) / polynomial(EXTREME_BOTTOM, depth - 5);
  return q < 0 ? -size : size;
}

/**
 * Student's t distribution function, to about 1e-13 relative for up to 1,000 degrees of freedom.
 *
 * @param degrees of freedom, > 0, not necessarily whole
 */
export function studentTCdf(t: number, degrees: number): number {
  assert(degrees > 0, `degrees of freedom must be above 0, got ${degrees}`);
  const squared = t * t;
  const x = degrees / (degrees + squared);
  const tail = 0.5 * incompleteBeta(x, squared / (degrees + squared), degrees / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}
