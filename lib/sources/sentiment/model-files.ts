import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../core/errors.ts';

/** What is needed of a model's `config.json` here; the library reads the rest. */
const CONFIG = z.object({
  id2label: z.record(z.string().regex(/^\d+$/), z.string()),
});

/** Files that weights may be in, the most exact first, by the name of how their numbers are kept. */
const WEIGHTS = {
  'model.onnx': 'fp32',
  'model_fp16.onnx': 'fp16',
  'model_quantized.onnx': 'q8',
  'model_int8.onnx': 'int8',
  'model_uint8.onnx': 'uint8',
  'model_q4.onnx': 'q4',
  'model_q4f16.onnx': 'q4f16',
  'model_bnb4.onnx': 'bnb4',
} as const;

const SIGNS = new Map([
  ['positive', 1],
  ['bullish', 1],
  ['pos', 1],
  ['negative', -1],
  ['bearish', -1],
  ['neg', -1],
  ['neutral', 0],
  ['neu', 0],
]);

const ADVICE =
  'a directory of a text classifier in ONNX has config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx; fetch one where there is a network, or write it with `optimum-cli export onnx`, and copy it here whole';

/** A model that lies on the disk. */
export interface ModelFiles {
  readonly folder: string;
  /** Of each label, by its number: 1 good, −1 bad, 0 neither. */
  readonly sign: readonly number[];
  /** Which file the weights are in, as the library wants to be told. */
  readonly weights: { readonly subfolder: string; readonly dtype: string };
}

/** @throws LabError `data` saying which file is missing or wrong, and what there should be */
export function openModelFiles(path: string): ModelFiles {
  const folder = resolve(path);
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    if (existsSync(join(folder, name))) continue;
    throw new LabError('data', `${folder} holds no model: it has no ${name}; ${ADVICE}`);
  }
  const file = join(folder, 'config.json');
  const config = parsed(file);
  const names = Object.entries(config.id2label)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
  const sign = names.map((name) => SIGNS.get(name.toLowerCase()) ?? Number.NaN);
  if (sign.some(Number.isNaN) || !sign.includes(1) || !sign.includes(-1)) {
    throw new LabError(
      'data',
      `the labels in ${file} are ${names.join(', ') || 'none'}; expected positive and negative, and perhaps neutral: write into its id2label what each of them means`,
    );
  }
  return { folder, sign, weights: weightsIn(folder) };
}

function parsed(file: string): z.infer<typeof CONFIG> {
  try {
    return CONFIG.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new LabError('data', `${file} is not that of a classifier: ${reason}; ${ADVICE}`, {
      cause,
    });
  }
}

function weightsIn(folder: string): ModelFiles['weights'] {
  for (const subfolder of ['onnx', '']) {
    for (const [name, dtype] of Object.entries(WEIGHTS)) {
      if (existsSync(join(folder, subfolder, name))) return { subfolder, dtype };
    }
  }
  const names = Object.keys(WEIGHTS).join(', ');
  throw new LabError('data', `${folder} holds no weights, none of ${names}; ${ADVICE}`);
}
