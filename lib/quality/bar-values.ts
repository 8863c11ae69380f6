import type { BarColumns } from '../market/bar.ts';
import { timesOf } from './checked-series.ts';
import type { Finding } from './finding.ts';

const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * Vendors report an opening auction that lies outside the continuous session, by less than this share of the price. The
 * bar is then odd but not wrong. (Johannesburg, Yahoo: up to 0.6 %.)
 */
const AUCTION = 0.01;
/** Relative slack for vendors that round each price separately. */
const ROUNDING = 1e-6;

/** Values that no market can have printed: no price, a price of 0, an open or close outside high and low. */
export function valueFindings(bars: BarColumns): Finding[] {
  const found: Finding[] = [];
  for (let row = 0; row < bars.openTs.length; row++) {
    const fault = wrongValue(bars, row) ?? outside(bars, row);
    if (fault) found.push({ ...fault, ...timesOf(bars, row, row + 1) });
  }
  return found;
}

type Wrong = Pick<Finding, 'kind' | 'severity' | 'message'>;

function wrongValue(bars: BarColumns, row: number): Wrong | undefined {
  if (PRICES.every((name) => Number.isNaN(bars[name][row]!))) {
    return { kind: 'value', severity: 'notice', message: 'the row is empty' };
  }
  for (const name of PRICES) {
    const price = bars[name][row]!;
    if (price > 0 && price < Number.POSITIVE_INFINITY) continue;
    const message = `${name} is ${price}, expected a price above 0`;
    return { kind: 'value', severity: 'fault', message };
  }
  const volume = bars.volume[row]!;
  if (volume >= 0 && volume < Number.POSITIVE_INFINITY) return undefined;
  return { kind: 'value', severity: 'fault', message: `volume is ${volume}, expected 0 or more` };
}

function outside(bars: BarColumns, row: number): Wrong | undefined {
  const [open, high, low, close] = PRICES.map((name) => bars[name][row]!) as [
    number,
    number,
    number,
    number,
  ];
  const slack = high * ROUNDING;
  const beyond = (price: number) => Math.max(price - high, low - price);
  const range = `low ${low} to high ${high}`;
  if (low > high + slack) {
    return { kind: 'high-low', severity: 'fault', message: `low ${low} is above high ${high}` };
  }
  if (beyond(close) > slack) {
    return { kind: 'high-low', severity: 'fault', message: `close ${close} is outside ${range}` };
  }
  if (beyond(open) <= slack) return undefined;
  const severity = beyond(open) <= open * AUCTION ? 'notice' : 'fault';
  return { kind: 'high-low', severity, message: `open ${open} is outside ${range}` };
}
