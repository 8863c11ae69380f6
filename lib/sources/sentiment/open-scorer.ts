import { LabError } from '../../core/errors.ts';
import { type BatchScorer, lexiconScorer } from './batch-scorer.ts';
import { modelScorer } from './model-scorer.ts';

/** What a person can ask for; the path is that of a model's directory on this machine. */
export const SCORERS = 'lexicon or model:PATH';

/** @throws LabError `usage` for another name; as `modelScorer` for a model */
export async function openScorer(name = 'lexicon'): Promise<BatchScorer> {
  if (name === 'lexicon') return lexiconScorer;
  const path = /^model:(.+)$/.exec(name)?.[1];
  if (path !== undefined) return modelScorer({ path });
  throw new LabError('usage', `"${name}" is no scorer of headlines; write ${SCORERS}`);
}
