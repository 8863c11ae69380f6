import { type Coverage, type CoverageState, coverageTotals } from '../../quality/coverage.ts';
import { INK, LINES } from '../palette.ts';
import { frame, type Plane, plane, px, text } from '../svg/frame.ts';
import { timeTicks } from '../svg/scale.ts';

/** From good to bad; of what one pixel column holds, the worst is drawn. */
const STATES: readonly CoverageState[] = ['present', 'no-trade', 'outage', 'unknown'];
const COLORS: Readonly<Record<CoverageState, string>> = {
  present: LINES[0],
  'no-trade': LINES[4],
  outage: LINES[5],
  unknown: LINES[1],
};

const ROW_HEIGHT = 30;
const BAND_HEIGHT = 12;

/** A picture of what there is; the last expression of a cell shows it. */
export interface CoveragePicture {
  readonly svg: string;
}

/**
 * One band a series over a common time axis: present, no trade, outage, unknown.
 *
 *     const spans = barCoverage(bars, '24/7', '1m');
 *     coveragePicture([{ venue: 'binance', symbol: 'BTC/USDT', kind: '1m', spans }])
 */
export function coveragePicture(
  coverages: readonly Coverage[],
  options: { readonly width?: number } = {},
): CoveragePicture {
  const svg = coverageSvg(coverages, options.width ?? 900);
  const bundle = { 'image/svg+xml': svg, 'text/plain': coverages.map(line).join('\n') };
  // The convention by which a notebook asks a value to show itself; enumerable would clutter what is printed of it.
  return Object.defineProperty({ svg }, Symbol.for('Jupyter.display'), { value: () => bundle });
}

function line(coverage: Coverage): string {
  const totals = coverageTotals(coverage.spans);
  return `${nameOf(coverage)}: ${STATES.map((state) => `${totals[state]} ${state}`).join(', ')}`;
}

function nameOf({ venue, symbol, kind }: Coverage): string {
  return `${symbol} ${kind} on ${venue}`;
}

function coverageSvg(coverages: readonly Coverage[], width: number): string {
  const shown = coverages.filter(({ spans }) => spans.length > 0);
  const from = Math.min(...shown.map(({ spans }) => spans[0]!.fromTs));
  const to = Math.max(...shown.map(({ spans }) => spans.at(-1)!.toTs));
  const range = shown.length > 0 ? ([from, to] as const) : ([0, 1] as const);
  const height = 84 + ROW_HEIGHT * Math.max(1, shown.length);
  const options = {
    ...{ width, height, title: 'Coverage', xLabel: 'UTC' },
    yLabel: 'a column shows the worst in it; closed hours count as what is around them',
  };
  const area = plane(options, range, [0, Math.max(1, shown.length)]);
  const bands = shown.map((coverage, row) => band(coverage, area, row));
  const ticks = shown.length > 0 ? timeTicks(from, to, 7) : [];
  const legend = STATES.map((state) => ({ name: state, color: COLORS[state] }));
  return frame(options, area, ticks, [], legend, bands.join('\n'));
}

function band(coverage: Coverage, area: Plane, row: number): string {
  const top = area.top + row * ROW_HEIGHT + 16;
  const { left, right } = area;
  const columns = new Int8Array(Math.ceil(right - left)).fill(-1);
  for (const { fromTs, toTs, state } of coverage.spans) {
    const rank = STATES.indexOf(state);
    const first = Math.max(0, Math.floor(area.x(fromTs) - left));
    const end = Math.min(
      columns.length,
      Math.max(first + 1, Math.ceil(area.x(toTs) - left - 1e-6)),
    );
    for (let x = first; x < end; x++) columns[x] = Math.max(columns[x]!, rank);
  }
  let rects = '';
  for (let x = 0; x < columns.length; ) {
    let end = x + 1;
    while (end < columns.length && columns[end] === columns[x]) end++;
    const state = STATES[columns[x]!];
    if (state) {
      rects += `<rect x="${px(left + x)}" y="${px(top)}" width="${end - x}" height="${BAND_HEIGHT}" fill="${COLORS[state]}"/>`;
    }
    x = end;
  }
  return text(left, top - 4, nameOf(coverage), 'start', INK) + rects;
}
