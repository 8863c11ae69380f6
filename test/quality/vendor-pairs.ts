import { readFileSync } from 'node:fs';
import { allocateBars } from '@streamscalp/lib/market/bar';
import { timeframeMillis } from '@streamscalp/lib/market/timeframe';
import { checkSeries } from '@streamscalp/lib/quality/check-series';
import type { CheckedSeries } from '@streamscalp/lib/quality/checked-series';
import type { Finding } from '@streamscalp/lib/quality/finding';
import { inOrder } from '@streamscalp/lib/quality/order';
import { sharedData } from '../support/shared-data.ts';

/** Yahoo files, prices adjusted for splits, as a vendor delivered them and as its repaired form has them. */
interface VendorFile {
  readonly name: string;
  readonly timeframe: string;
  /** Set where the market is one whose calendar we have. */
  readonly calendar?: 'us-equity';
}

export const BROKEN: readonly VendorFile[] = [
  { name: '4063-T-1d-bad-stock-split', timeframe: '1d' },
  { name: '8TRA-DE-1d-missing-div-adjust', timeframe: '1d' },
  { name: 'ALPHA-PA-1d-bad-stock-split', timeframe: '1d' },
  { name: 'CLC-L-1d-bad-div', timeframe: '1d' },
  { name: 'CNE-L-1d-bad-stock-split', timeframe: '1d' },
  { name: 'DODFX-1d-cg-double-count', timeframe: '1d', calendar: 'us-equity' },
  { name: 'SSW-JO-1d-100x-error', timeframe: '1d' },
];

export const CLEAN: readonly VendorFile[] = [
  ...BROKEN.map((file) => ({ ...file, name: `${file.name}-fixed` })),
  { name: 'CALM-1d-no-bad-divs', timeframe: '1d', calendar: 'us-equity' },
  { name: 'EA-15m-no-bad-divs', timeframe: '15m', calendar: 'us-equity' },
];

/** The rows in time order, whichever way the file runs. */
export function readVendorFile({ name, timeframe, calendar }: VendorFile): CheckedSeries {
  const text = readFileSync(sharedData(`quality/yfinance_${name}.csv`), 'utf8');
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  const rows = lines.map((line) => line.split(','));
  const column = (title: string) =>
    Float64Array.from(rows, (cells) => {
      const cell = cells[names.indexOf(title)]!;
      return cell === '' ? Number.NaN : Number(cell);
    });
  const bars = allocateBars(rows.length);
  bars.openTs.set(rows.map(([date]) => Date.parse(date!.replace(' ', 'T'))));
  bars.closeTs.set(bars.openTs.map((ts) => ts + timeframeMillis(timeframe)));
  for (const title of ['Open', 'High', 'Low', 'Close', 'Volume'] as const) {
    bars[title.toLowerCase() as 'open' | 'high' | 'low' | 'close' | 'volume'].set(column(title));
  }
  return inOrder({
    bars,
    timeframe,
    ...(calendar && { calendar }),
    splitBasis: 'adjusted',
    splitRatio: column('Stock Splits'),
    dividend: column('Dividends'),
    adjustedClose: column('Adj Close'),
  });
}

/** Prices, volume and adjusted close of two readings that differ by more than text and float32 round. */
export function differingRows(a: CheckedSeries, b: CheckedSeries, tolerance: number): number[] {
  const columns = ({ bars, adjustedClose }: CheckedSeries) => [
    bars.open,
    bars.high,
    bars.low,
    bars.close,
    bars.volume,
    adjustedClose!,
  ];
  const others = columns(b);
  const rows: number[] = [];
  for (let row = 0; row < a.bars.openTs.length; row++) {
    const same = columns(a).every((column, i) => {
      const [x, y] = [column[row]!, others[i]![row]!];
      return Object.is(x, y) || Math.abs(x - y) <= tolerance * Math.abs(y);
    });
    if (!same) rows.push(row);
  }
  return rows;
}

/**
 * Rows of the repaired files that are wrong all the same, by eye: its repairer looked for dividends only, and left in
 * CLC.L six days in pounds' hundredths (0.006 between 0.6 and 0.6), and eight whose close lies above their high.
 */
export function leftBroken({ name }: VendorFile, { bars }: CheckedSeries): number[] {
  if (name !== 'CLC-L-1d-bad-div-fixed') return [];
  const rows = [...bars.close.keys()];
  return rows.filter((row) => bars.close[row]! < 0.1 || bars.close[row]! > bars.high[row]! * 1.01);
}

export interface PairScore {
  readonly name: string;
  /** Rows that a repairer changed. */
  readonly planted: number;
  readonly found: number;
  readonly right: number;
  /** Of what was found and not planted: rows that are wrong to the eye. */
  readonly leftBroken: number;
  readonly notices: number;
  readonly faults: readonly Finding[];
}

/** Rows that the checks call faulty beside those that the repaired file changed; of a clean file there are none. */
export function scoreFile(file: VendorFile): PairScore {
  const series = readVendorFile(file);
  const findings = checkSeries(series);
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const broken = BROKEN.includes(file);
  const repaired = broken && readVendorFile({ ...file, name: `${file.name}-fixed` });
  const planted = new Set(repaired ? differingRows(series, repaired, 1e-5) : []);
  const found = new Set(
    faults.flatMap(({ from, to }) =>
      Array.from({ length: Math.max(1, to - from) }, (_, i) => from + i),
    ),
  );
  const right = [...found].filter((row) => planted.has(row)).length;
  const left = leftBroken(file, series).filter((row) => found.has(row)).length;
  return {
    name: file.name,
    planted: planted.size,
    found: found.size,
    right,
    leftBroken: left,
    notices: findings.length - faults.length,
    faults,
  };
}
