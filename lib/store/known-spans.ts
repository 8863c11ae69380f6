import type { KnownSpans } from '../market/gaps.ts';
import type { Span } from '../market/spans.ts';
import type { InstrumentKey, Kind } from './layout.ts';
import { PullCoverage } from './pull-coverage.ts';
import { allocateRows } from './rows.ts';
import { partitionsOf, readSeries, type SeriesPlace } from './series-files.ts';
import type { Rows } from './tables.ts';

/** Statuses, of any venue, in which an instrument does not trade. */
const HALTED = /^(halt|break|clos|suspend|mainten|inactive|auction|pre_trad|post_trad|end_of_day)/i;

/**
 * What the store knows of the time in which a series has no rows: what the venue has answered for, and when its rules
 * said that trading was halted.
 *
 * @param rules where the rules of the instrument are kept
 */
export async function knownSpans(
  rules: SeriesPlace,
  root: string,
  series: InstrumentKey & { readonly kind: Kind; readonly timeframe?: string },
): Promise<KnownSpans> {
  const outages = await halts(rules);
  const { venue, symbol, kind, timeframe = '' } = series;
  // Ticks come from files, which nobody answers for.
  if (kind === 'ticks') return { outages };
  const pulled = new PullCoverage(root, {
    venue,
    symbol,
    kind,
    ...(timeframe !== '' && { timeframe }),
  });
  await pulled.read();
  return { outages, answered: pulled.spans };
}

async function halts(rules: SeriesPlace): Promise<Span[]> {
  if ((await partitionsOf(rules)).length === 0) return [];
  const { rows } = await readSeries(rules, {}, ['availableTs', 'status'], (length) => {
    const { availableTs, status } = allocateRows(rules.table, length) as unknown as Rows<'rules'>;
    return { availableTs, status };
  });
  const { availableTs, status } = rows;
  const spans: Span[] = [];
  let since = Number.NaN;
  for (let row = 0; row <= availableTs.length; row++) {
    const halted = row < availableTs.length && HALTED.test(status[row]!);
    if (halted && Number.isNaN(since)) since = availableTs[row]!;
    if (halted || Number.isNaN(since)) continue;
    spans.push({ from: since, to: availableTs[row] ?? Number.POSITIVE_INFINITY });
    since = Number.NaN;
  }
  return spans;
}
