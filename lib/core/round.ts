/** Multiples nearer than this share of a step to the next one count as it: 0.3 / 0.1 is 2.9999999999999996. */
const SLACK = 1e-9;

/** The largest multiple of `step` not above `x`; x itself when step is 0. */
export function roundDown(x: number, step: number): number {
  return step > 0 ? Math.floor(x / step + SLACK) * step : x;
}

/** The smallest multiple of `step` not below `x`; x itself when step is 0. */
export function roundUp(x: number, step: number): number {
  return step > 0 ? Math.ceil(x / step - SLACK) * step : x;
}

/** The multiple of `step` nearest to `x`; x itself when step is 0. */
export function roundNearest(x: number, step: number): number {
  return step > 0 ? Math.round(x / step) * step : x;
}
