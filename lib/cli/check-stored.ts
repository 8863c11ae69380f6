import { lowerBound } from '../core/binary-search.ts';
import { DAY, HOUR, type Millis } from '../core/time.ts';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import type { CorporateAction } from '../market/corporate-actions.ts';
import { checkSeries } from '../quality/check-series.ts';
import type { CheckedSeries } from '../quality/checked-series.ts';
import { barCoverage, type Coverage, slotCoverage } from '../quality/coverage.ts';
import { crossedBooks, crossedQuotes } from '../quality/crossed.ts';
import type { Finding } from '../quality/finding.ts';
import { inOrder, orderFindings } from '../quality/order.ts';
import { corporateActions } from '../store/adjusted-bars.ts';
import type { SeriesInfo } from '../store/series.ts';
import type { Store } from '../store/store.ts';

/** What was found in one stored series. */
export interface SeriesCheck {
  readonly info: SeriesInfo;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  /** The bars that were checked; absent for other kinds. */
  readonly series?: CheckedSeries;
}

const CHUNK = 1 << 16;

/** Checks a series as it lies in the store, without the order and the plausibility that imports have seen to. */
export async function checkStored(store: Store, info: SeriesInfo): Promise<SeriesCheck> {
  if (info.kind === 'bars') return checkBars(store, info);
  const { venue, symbol, kind } = info;
  if (kind !== 'ticks' && kind !== 'trades' && kind !== 'quotes' && kind !== 'book') {
    return { info, coverage: { venue, symbol, kind, spans: [] }, findings: [] };
  }
  const hours = new Set<number>();
  const findings: Finding[] = [];
  let rows = 0;
  // A day at a time: neither a book nor its quotes need more of the past than that to be judged.
  for (let from = Math.floor(info.fromTs / DAY) * DAY; from <= info.toTs; from += DAY) {
    const range = { from, to: from + DAY };
    let ts: Float64Array;
    if (kind === 'quotes') {
      const day = await store.read('quotes', info, range);
      findings.push(...moved(crossedQuotes(day), rows));
      ({ ts } = day);
    } else if (kind === 'book') {
      const day = await store.read('book', info, range);
      findings.push(...moved(crossedBooks(day), rows));
      ({ ts } = day);
    } else if (kind === 'trades') ({ ts } = await store.read('trades', info, range));
    else ({ ts } = await ticksOf(store, info, range));
    rows += ts.length;
    for (let i = 0; i < ts.length; i++) hours.add(Math.floor(ts[i]! / HOUR));
  }
  const known = await store.known(info);
  const slots = [...hours].sort((a, b) => a - b);
  return {
    info,
    coverage: { venue, symbol, kind, spans: slotCoverage(slots, HOUR, known) },
    findings,
  };
}

/** Days between two that hold prints may hold none, which the store refuses to read. */
async function ticksOf(store: Store, info: SeriesInfo, range: { from: Millis; to: Millis }) {
  const { rows } = await store.sql(
    'select count(*) from ticks where venue = $1 and symbol = $2 and ts >= $3 and ts < $4',
    [info.venue, info.symbol, range.from, range.to],
  );
  return Number(rows[0]?.[0]) > 0
    ? store.ticks({ ...info, ...range })
    : { ts: new Float64Array(0) };
}

function moved(findings: readonly Finding[], rows: number): Finding[] {
  return findings.map((finding) => ({
    ...finding,
    from: finding.from + rows,
    to: finding.to + rows,
  }));
}

async function checkBars(store: Store, info: SeriesInfo): Promise<SeriesCheck> {
  const { venue, symbol, timeframe } = info;
  const bars = await storedRows(store, info);
  const instrument = await store.instrument(info);
  const known = await store.known(info);
  const actions = await corporateActions(store, info, Number.POSITIVE_INFINITY);
  const { calendar } = instrument;
  const facts = { timeframe, calendar, known, splitBasis: 'raw' as const };
  const ordered = inOrder({ bars, ...facts });
  const series = { ...ordered, ...actionColumns(ordered.bars, actions) };
  const spans = barCoverage(ordered.bars, calendar, timeframe, known);
  // Disorder is looked for in the rows as they lie, all else in the ordered ones.
  const findings = [...orderFindings(bars), ...checkSeries(series)];
  return { info, series, coverage: { venue, symbol, kind: timeframe, spans }, findings };
}

/** The rows of the files one after the other; `store.bars` would refuse them out of order. */
async function storedRows(store: Store, info: SeriesInfo): Promise<BarColumns> {
  const chunks: BarColumns[] = [];
  for await (const chunk of store.barChunks(info, CHUNK)) chunks.push(chunk);
  const rows = chunks.reduce((sum, { openTs }) => sum + openTs.length, 0);
  const bars = allocateBars(rows);
  let at = 0;
  for (const chunk of chunks) {
    for (const name of BAR_COLUMNS) bars[name].set(chunk[name], at);
    at += chunk.openTs.length;
  }
  return bars;
}

/** Actions at the first row that closes after they went ex. Two splits on one row multiply, two dividends add. */
function actionColumns(
  { closeTs }: BarColumns,
  actions: readonly CorporateAction[],
): Pick<Required<CheckedSeries>, 'splitRatio' | 'dividend'> {
  const splitRatio = new Float64Array(closeTs.length);
  const dividend = new Float64Array(closeTs.length);
  for (const action of actions) {
    let row = lowerBound(closeTs, action.exTs);
    if (closeTs[row] === action.exTs) row++;
    // Before the first row it changes nothing, and after the last one it has not happened yet.
    if (row === 0 || row >= closeTs.length) continue;
    if (action.kind === 'split') splitRatio[row] = (splitRatio[row] || 1) * action.ratio;
    else dividend[row]! += action.amount;
  }
  return { splitRatio, dividend };
}
