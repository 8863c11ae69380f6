import { isoTime } from '../core/time.ts';
import type { BarColumns } from './bar.ts';

/** A row that no market can have printed. `row` counts from 0. */
export interface BarFault {
  readonly row: number;
  readonly message: string;
}

/**
 * The first fault in bars that should be usable as they are: finite prices above zero, low ≤ open, close ≤ high,
 * volume ≥ 0, close after open, and times that rise strictly. Undefined when there is none.
 *
 * @param tolerance relative slack on low ≤ open, close ≤ high, for vendors that round each price separately
 * @param from the row to begin with
 */
export function firstBarFault(bars: BarColumns, tolerance = 1e-9, from = 0): BarFault | undefined {
  for (let row = from; row < bars.closeTs.length; row++) {
    const message = faultAt(bars, row, tolerance);
    if (message !== undefined) return { row, message };
  }
  return undefined;
}

function faultAt(bars: BarColumns, row: number, tolerance: number): string | undefined {
  const openTs = bars.openTs[row]!;
  const closeTs = bars.closeTs[row]!;
  if (!Number.isFinite(openTs) || !Number.isFinite(closeTs)) return 'its time is missing';
  if (closeTs <= openTs)
    return `it closes at ${isoTime(closeTs)}, not after its open ${isoTime(openTs)}`;
  if (row > 0 && closeTs <= bars.closeTs[row - 1]!) {
    return `it closes at ${isoTime(closeTs)}, not after the bar before it at ${isoTime(bars.closeTs[row - 1]!)}`;
  }
  for (const name of ['open', 'high', 'low', 'close'] as const) {
    const price = bars[name][row]!;
    if (!(price > 0 && price < Number.POSITIVE_INFINITY))
      return `${name} is ${price}, expected a price above 0`;
  }
  const volume = bars.volume[row]!;
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY))
    return `volume is ${volume}, expected 0 or more`;
  const high = bars.high[row]!;
  const low = bars.low[row]!;
  const slack = high * tolerance;
  for (const name of ['open', 'close', 'low'] as const) {
    if (bars[name][row]! > high + slack) return `${name} ${bars[name][row]} is above high ${high}`;
  }
  for (const name of ['open', 'close'] as const) {
    if (bars[name][row]! < low - slack) return `${name} ${bars[name][row]} is below low ${low}`;
  }
  return undefined;
}
