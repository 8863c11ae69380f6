import { Sum } from '../core/sum.ts';
import type { Millis } from '../core/time.ts';

/** The deepest fall of a curve from an earlier peak. */
export interface Drawdown {
  /** Fraction of the peak, ≥ 0; 0 when the curve never fell. */
  readonly depth: number;
  /** When the peak was reached; NaN when it is the starting value or the curve never fell. */
  readonly peakTs: Millis;
  /** NaN when the curve never fell. */
  readonly troughTs: Millis;
  /** First return to the peak; NaN when it has not come back. */
  readonly recoveryTs: Millis;
}

/**
 * How far each point lies below the highest value so far, as a fraction of it, ≥ 0.
 *
 * @param start value before the first point; the first peak
 */
export function underwater(equity: ArrayLike<number>, start: number): Float64Array {
  const depth = new Float64Array(equity.length);
  let peak = start;
  for (let i = 0; i < depth.length; i++) {
    const value = equity[i]!;
    if (value > peak) peak = value;
    depth[i] = 1 - value / peak;
  }
  return depth;
}

/** The deepest drawdown and when it began, ended and was made good. */
export function maxDrawdown(
  ts: ArrayLike<number>,
  equity: ArrayLike<number>,
  start: number,
): Drawdown {
  let peak = start;
  let peakAt = -1;
  let depth = 0;
  let worstPeak = start;
  let from = -1;
  let trough = -1;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value > peak) {
      peak = value;
      peakAt = i;
    } else if (1 - value / peak > depth) {
      depth = 1 - value / peak;
      worstPeak = peak;
      from = peakAt;
      trough = i;
    }
  }
  let recovery = Number.NaN;
  for (let i = trough + 1; trough >= 0 && i < equity.length; i++) {
    if (equity[i]! >= worstPeak) {
      recovery = ts[i]!;
      break;
    }
  }
  return {
    depth,
    peakTs: ts[from] ?? Number.NaN,
    troughTs: ts[trough] ?? Number.NaN,
    recoveryTs: recovery,
  };
}

/**
 * Ulcer index: the root mean square of the underwater curve, as a fraction.
 * Source: Martin & McCann (1989), "The Investor's Guide to Fidelity Funds"; the mean is over n, where quantstats
 * divides by n − 1.
 */
export function ulcer(depth: ArrayLike<number>): number {
  const squares = new Sum();
  for (let i = 0; i < depth.length; i++) squares.add(depth[i]! * depth[i]!);
  return Math.sqrt(squares.value / depth.length);
}
