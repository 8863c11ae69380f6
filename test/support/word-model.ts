import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { floats, floatTensor, integers, integerTensor, node, onnxFile } from './onnx-file.ts';

/** What each word adds to the logits of positive, negative and neutral. */
export type Words = Readonly<Record<string, readonly [number, number, number]>>;

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;
/** Padding that counted would be heard. */
const PADDING = [9, 0, 0] as const;
const NOTHING = [0, 0, 0] as const;

/**
 * Writes a text classifier as those of BERT's family lie on disks: a WordPiece tokenizer, labels, and a graph from ids and
 * their mask to logits, which are the sums of what the words add. It is no transformer, but takes and gives what one does.
 */
export function writeWordModel(
  folder: string,
  words: Words,
  labels: readonly string[] = ['positive', 'negative', 'neutral'],
): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const json = (name: string, value: object) =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  const known = Object.keys(words);
  const vocab = Object.fromEntries([...SPECIAL, ...known].map((word, id) => [word, id]));
  json('config.json', {
    model_type: 'bert',
    id2label: { ...labels },
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  });
  json('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    do_lower_case: true,
    model_max_length: 16,
    pad_token: '[PAD]',
    unk_token: '[UNK]',
    cls_token: '[CLS]',
    sep_token: '[SEP]',
  });
  json('tokenizer.json', {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      ...{ id, content, special: true, normalized: false },
      ...{ single_word: false, lstrip: false, rstrip: false },
    })),
    normalizer: {
      ...{ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true },
      ...{ strip_accents: null, lowercase: true },
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: ['[CLS]', 'A', '[SEP]'].map(piece),
      pair: ['[CLS]', 'A', '[SEP]', 'B', '[SEP]'].map(piece),
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' },
      ...{ max_input_chars_per_word: 100, vocab },
    },
  });
  const rows = [PADDING, NOTHING, NOTHING, NOTHING, ...Object.values(words)];
  const table = rows.flatMap((row) => row.slice(0, labels.length));
  const graph = onnxFile({
    inputs: ['input_ids', 'attention_mask'].map((name) => integerTensor(name, 'batch', 'length')),
    constants: [
      floats('table', [rows.length, labels.length], table),
      integers('last', [2]),
      integers('middle', [1]),
    ],
    nodes: [
      node('Gather', ['table', 'input_ids'], 'added'),
      node('Cast', ['attention_mask'], 'mask', { to: 1 }),
      node('Unsqueeze', ['mask', 'last'], 'wide'),
      node('Mul', ['added', 'wide'], 'heard'),
      node('ReduceSum', ['heard', 'middle'], 'logits', { keepdims: 0 }),
    ],
    output: floatTensor('logits', 'batch', labels.length),
  });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), graph);
}

const piece = (id: string, at: number) =>
  id.startsWith('[')
    ? { SpecialToken: { id, type_id: at > 2 ? 1 : 0 } }
    : { Sequence: { id, type_id: id === 'A' ? 0 : 1 } };
