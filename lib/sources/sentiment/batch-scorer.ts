import { LabError } from '../../core/errors.ts';
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

/** The score of each headline. @throws LabError `params` for a scorer that gives more or fewer of them */
export async function scoresOf(
  score: BatchScorer,
  headlines: readonly string[],
): Promise<readonly number[]> {
  const scores = await score(headlines);
  if (scores.length === headlines.length) return scores;
  throw new LabError(
    'params',
    `the scorer gave ${scores.length} scores for ${headlines.length} headlines; give one for each, in their order`,
  );
}

/** What scores unless another is asked for. */
export const lexiconScorer: BatchScorer = oneByOne(headlineScore);
