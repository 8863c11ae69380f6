import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import type { NewsColumns } from './news.ts';

type Scored = Pick<NewsColumns, 'availableTs' | 'sentiment'>;

/**
 * The mood of the news at the close of each bar: the sum of all scores that were known by then, each halved as often as
 * `halfLife` has passed since. 0 before the first; items without a score say nothing.
 *
 * @param closeTs ascending
 * @param halfLife milliseconds above 0
 * @returns a value a bar; only what has availableTs ≤ closeTs is in it
 */
export function newsFeature(news: Scored, closeTs: Float64Array, halfLife: Millis): Float64Array {
  checkSpan('a half-life', halfLife);
  const { availableTs, sentiment } = news;
  const feature = new Float64Array(closeTs.length);
  const rate = Math.LN2 / halfLife;
  let sum = 0;
  let at = 0;
  let row = 0;
  // The sum decays from event to event, so each item and each bar is touched once.
  for (let bar = 0; bar < closeTs.length; bar++) {
    const close = closeTs[bar]!;
    for (; row < availableTs.length && availableTs[row]! <= close; row++) {
      const score = sentiment[row]!;
      if (Number.isNaN(score)) continue;
      const ts = availableTs[row]!;
      sum = sum * Math.exp((at - ts) * rate) + score;
      at = ts;
    }
    sum *= Math.exp((at - close) * rate);
    at = close;
    feature[bar] = sum;
  }
  return feature;
}

/**
 * How many items became known in the last `window` milliseconds before the close of each bar, scored or not: those with
 * closeTs − window < availableTs ≤ closeTs.
 *
 * @param closeTs ascending
 */
export function newsCount(
  news: Pick<NewsColumns, 'availableTs'>,
  closeTs: Float64Array,
  window: Millis,
): Float64Array {
  checkSpan('a window', window);
  const { availableTs } = news;
  const count = new Float64Array(closeTs.length);
  let from = 0;
  let to = 0;
  for (let bar = 0; bar < closeTs.length; bar++) {
    const close = closeTs[bar]!;
    while (to < availableTs.length && availableTs[to]! <= close) to++;
    while (from < to && availableTs[from]! <= close - window) from++;
    count[bar] = to - from;
  }
  return count;
}

function checkSpan(what: string, span: Millis): void {
  if (span > 0 && Number.isFinite(span)) return;
  throw new LabError('params', `${what} of news is ${span}; expected milliseconds above 0`);
}
