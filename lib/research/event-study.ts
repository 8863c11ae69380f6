import { mean as meanOf, sampleStandardDeviation } from 'simple-statistics';
import { LabError } from '../core/errors.ts';

/** The mean path of the price around its events. Columns of equal length, one row per bar of distance. */
export interface EventStudy {
  /** Bars from the event: −`before` … `after`. */
  readonly offset: Float64Array;
  /** Mean of ln(close / close at the event), less the drift of the whole history; 0 at the event. */
  readonly mean: Float64Array;
  /** Standard error of that mean across events; 0 at the event. */
  readonly stdErr: Float64Array;
  /** Events that were used, and those left out: too near an end of the history, or inside the window of an earlier one. */
  readonly events: number;
  readonly leftOut: number;
}

/**
 * An event study: what prices did before and after rows of a kind, beyond what they did on all days. Windows of events that
 * follow each other too closely would show the same days twice, and make chance look sure; the later one is left out.
 *
 * @param close  of all bars
 * @param rows   where the events are, ascending
 * @param before bars shown before an event; @param after bars shown after it
 * @throws LabError `data` when fewer than two events are left
 * Source: Campbell, Lo & MacKinlay (1997), "The Econometrics of Financial Markets", ch. 4, with the constant-mean model.
 */
export function eventStudy(
  close: Float64Array,
  rows: readonly number[],
  { before = 10, after = 20 }: { readonly before?: number; readonly after?: number } = {},
): EventStudy {
  const used: number[] = [];
  for (const row of rows) {
    const inside = row >= before && row + after < close.length;
    if (inside && row > (used.at(-1) ?? Number.NEGATIVE_INFINITY) + after) used.push(row);
  }
  if (used.length < 2) {
    throw new LabError(
      'data',
      `${rows.length} events leave ${used.length} whose ${before} bars before and ${after} after do not ` +
        'overlap; an event study needs 2 or more: use a shorter window, a longer history or a commoner event',
    );
  }
  const drift = Math.log(close.at(-1)! / close[0]!) / (close.length - 1);
  const offset = Float64Array.from({ length: before + 1 + after }, (_, i) => i - before);
  const mean = new Float64Array(offset.length);
  const stdErr = new Float64Array(offset.length);
  for (const [i, bars] of offset.entries()) {
    const moves = used.map((row) => Math.log(close[row + bars]! / close[row]!) - drift * bars);
    mean[i] = meanOf(moves);
    stdErr[i] = sampleStandardDeviation(moves) / Math.sqrt(moves.length);
  }
  return { offset, mean, stdErr, events: used.length, leftOut: rows.length - used.length };
}
