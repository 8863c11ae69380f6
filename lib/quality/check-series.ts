import { lowerBound } from '../core/binary-search.ts';
import { barsBetween, gapsOf, unknownGaps } from '../market/gaps.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { valueFindings } from './bar-values.ts';
import type { CheckedSeries } from './checked-series.ts';
import { dividendFindings } from './dividends.ts';
import { countOf, type Finding } from './finding.ts';
import { missingSplitFindings } from './missing-split.ts';
import { inOrder, orderFindings } from './order.ts';
import { quietFindings } from './quiet.ts';
import { repairSeries } from './repair.ts';
import { scaleFindings } from './scale-steps.ts';
import { spikeFindings } from './spikes.ts';
import { timeShiftFindings } from './time-shifts.ts';

/**
 * Everything that can be found wrong with the bars of a series. Rows are counted in time order, those of disorder and
 * duplicates in the order of the file. What is off by a factor is taken out first, so that one mistake is one finding and
 * not also a spike at each end.
 */
export function checkSeries(series: CheckedSeries): Finding[] {
  const ordered = inOrder(series);
  const scales = scaleFindings(ordered);
  const scaled = repairSeries(ordered, scales);
  return [
    ...orderFindings(series.bars),
    ...valueFindings(ordered.bars),
    ...gapFindings(ordered),
    ...(ordered.calendar
      ? timeShiftFindings(ordered.bars, ordered.calendar, ordered.timeframe)
      : []),
    ...scales,
    ...missingSplitFindings(scaled),
    ...dividendFindings(scaled),
    ...spikeFindings(scaled),
    ...quietFindings(scaled.bars),
  ];
}

/** Unknown gaps are faults, one each; those that the venue or an outage explains are a notice. */
function gapFindings({ bars, calendar, timeframe, known }: CheckedSeries): Finding[] {
  if (calendar === undefined) return [];
  const unknown = unknownGaps(bars, calendar, timeframe, known);
  const found = unknown.map(({ fromTs, toTs, missing }): Finding => {
    const at = lowerBound(bars.openTs, fromTs);
    const message = `${countOf(missing, 'bar')} of ${timeframe} missing`;
    return { kind: 'gap', severity: 'fault', from: at, to: at, fromTs, toTs, message };
  });
  const length = timeframeMillis(timeframe);
  const all = gapsOf(bars, calendar, timeframe).reduce((sum, { missing }) => sum + missing, 0);
  const open = unknown.reduce(
    (sum, { fromTs, toTs }) => sum + barsBetween(fromTs, toTs, calendar, length),
    0,
  );
  if (all > open) {
    const times = { from: 0, to: 0, fromTs: bars.openTs[0]!, toTs: bars.closeTs.at(-1)! };
    const message = `${countOf(all - open, 'bar')} of ${timeframe} not there, and the venue has answered for them or was down`;
    found.push({ kind: 'gap', severity: 'notice', ...times, message });
  }
  return found;
}
