import { LabError } from '../../core/errors.ts';
import type { BatchScorer } from './batch-scorer.ts';
import { openModelFiles } from './model-files.ts';
import { loadTransformers } from './transformers.ts';

/** Headlines that go through the model at once. */
const BATCH = 32;
/** Scores are cut to this, so that a headline scores the same in whatever batch it comes. */
const STEPS = 10_000;

export interface ModelOptions {
  /** Directory of the model: `config.json`, `tokenizer.json`, and `model.onnx` there or under `onnx`. */
  readonly path: string;
  /** Directory of a project that has the library, where the lab itself does not; by default the current one. */
  readonly packages?: string;
}

/**
 * A scorer by a transformer on this machine, such as FinBERT in ONNX: P(positive) − P(negative) of a headline. Nothing is
 * asked of the network. The headline alone is read, not whom it is about.
 *
 * @throws LabError `io` when the library is not installed; `data` when the directory holds no such model, or one whose
 *   labels are not positive, negative and neutral
 */
export async function modelScorer({
  path,
  packages = process.cwd(),
}: ModelOptions): Promise<BatchScorer> {
  const { folder, sign, weights } = openModelFiles(path);
  const { AutoModelForSequenceClassification, AutoTokenizer } = loadTransformers(packages);
  const local = { local_files_only: true };
  const failed = (cause: unknown) =>
    new LabError('data', `the model in ${folder} cannot be run: ${(cause as Error).message}`, {
      cause,
    });
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder, local),
    AutoModelForSequenceClassification.from_pretrained(folder, {
      ...local,
      ...weights,
      device: 'cpu',
    }),
  ]).catch((cause) => {
    throw failed(cause);
  });
  const scored = async (headlines: readonly string[]): Promise<number[]> => {
    const inputs = tokenizer([...headlines], { padding: true, truncation: true });
    const { logits } = await model(inputs);
    return logits.tolist().map((row) => meanOf(row, sign));
  };
  return async (headlines) => {
    const scores: number[] = [];
    for (let at = 0; at < headlines.length; at += BATCH) {
      const some = await scored(headlines.slice(at, at + BATCH)).catch((cause) => {
        throw failed(cause);
      });
      scores.push(...some);
    }
    return scores;
  };
}

/** The mean of the signs of labels under the softmax of their logits. */
function meanOf(logits: readonly number[], sign: readonly number[]): number {
  const most = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, label) => sum + weight * sign[label]!, 0) / total;
  // Minus zero would be another number than the zero that is stored.
  return Math.round(mean * STEPS) / STEPS + 0;
}
