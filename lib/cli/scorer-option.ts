import { Option } from 'commander';
import { SCORERS } from '../sources/sentiment/open-scorer.ts';

/** The option of commands that store news. */
export const scorerOption = () =>
  new Option(
    '--scorer <name>',
    `what scores news: ${SCORERS}, a transformer in ONNX (default: lexicon)`,
  );
