import type { BarInput } from './indicator.ts';

/** (high + low + close) / 3 */
export function typicalPrice({ high, low, close }: BarInput): number {
  return (high + low + close) / 3;
}

/** (high + low) / 2 */
export function medianPrice({ high, low }: BarInput): number {
  return (high + low) / 2;
}
