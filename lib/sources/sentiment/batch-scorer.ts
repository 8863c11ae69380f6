import { headlineScore, type SentimentScorer } from './headline-score.ts';

/**
 * The port of what scores news on their way into the store: for each headline, in their order, what it means for the
 * price of what it is about, from −1 (bad) to 1 (good). Many at once, and promised, for a model takes its time.
 */
export type BatchScorer = (
  headlines: readonly string[],
) => readonly number[] | Promise<readonly number[]>;

/** A scorer of single headlines as one of many. */
export const oneByOne =
  (score: SentimentScorer): BatchScorer =>
  (headlines) =>
    headlines.map((headline) => score(headline));

/** What scores unless another is asked for. */
export const lexiconScorer: BatchScorer = oneByOne(headlineScore);
