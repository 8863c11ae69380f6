/** Multiples nearer than this share of a step to the next one count as it: 0.3 / 0.1 is 2.9999999999999996. */
const SLACK = 1e-9;

/** The largest multiple of `step` not above `x`; x itself when step is 0. */
export function roundDown(x: number, step: number): number {
  return step > 0 ? multiple(Math.floor(x / step + SLACK), step) : x;
}

/** The smallest multiple of `step` not below `x`; x itself when step is 0. */
export function roundUp(x: number, step: number): number {
  return step > 0 ? multiple(Math.ceil(x / step - SLACK), step) : x;
}

/** The multiple of `step` nearest to `x`; x itself when step is 0. */
export function roundNearest(x: number, step: number): number {
  return step > 0 ? multiple(Math.round(x / step), step) : x;
}

/**
 * count · step as a person would write it: 115 steps of 0.01 are 1.15, as feeds have it, while 115 * 0.01 is a rounding
 * above it, and an order there would be beyond a price that only touches it.
 */
function multiple(count: number, step: number): number {
  const perUnit = Math.round(1 / step);
  return Math.abs(perUnit * step - 1) < SLACK ? count / perUnit : count * step;
}
