import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { rescoreNews } from '../sources/news/rescore.ts';
import { openScorer } from '../sources/sentiment/open-scorer.ts';
import { TRANSFORMERS_INSTALL } from '../sources/sentiment/transformers.ts';
import { unknownSeries } from '../store/refusal.ts';
import { openStore } from '../store/store.ts';
import { interruptible } from './interrupt.ts';
import { printJson, progress } from './output.ts';
import { scorerOption } from './scorer-option.ts';

interface ScoreOptions {
  readonly scorer?: string;
  readonly json?: true;
}

/** `lab data score`: what stored news mean, by another scorer. */
export function addScoreCommand(command: Command): void {
  command
    .command('score')
    .description('score stored news anew; nothing else of them changes')
    .argument('<venue>', 'whose news, as `lab data ls` shows it')
    .argument('[symbol]', 'news about this one only (default: all)')
    .addOption(scorerOption())
    .option('--json', 'print one JSON object { venue, rows, changed }')
    .addHelpText(
      'after',
      `
A model is a directory with config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx, whose labels are
positive, negative and perhaps neutral, such as FinBERT; \`${TRANSFORMERS_INSTALL}\` brings
what runs it. Backtests that were made with the old scores keep their hash of them.

Examples:
  lab data score alpaca --scorer model:models/finbert
  lab data score rss AAPL --scorer lexicon`,
    )
    .action((venue: string, symbol: string | undefined, options: ScoreOptions) =>
      run(venue, symbol, options),
    );
}

async function run(venue: string, symbol: string | undefined, options: ScoreOptions) {
  const score = await openScorer(options.scorer);
  const store = await openStore();
  try {
    const series = await store.list({ kind: 'news', venue, symbol });
    if (series.length === 0) {
      throw await unknownSeries(store.root, { venue, symbol: symbol ?? 'any symbol' }, 'news');
    }
    const bar = progress(
      `score news of ${venue}`,
      series.reduce((sum, { rows }) => sum + rows, 0),
    );
    let [rows, changed] = [0, 0];
    const stopped = await interruptible(async (signal) => {
      for (const one of series) {
        const onRows = (done: number) => bar.tick(rows + done);
        const found = await rescoreNews(store, one, score, { signal, onRows });
        rows += found.rows;
        changed += found.changed;
      }
      return signal.aborted;
    }).finally(() => bar.end());
    if (stopped) {
      throw new LabError(
        'interrupted',
        `stopped; ${rows} headlines are scored, and the same command goes on from there`,
      );
    }
    if (options.json) return printJson({ venue, symbol, rows, changed });
    process.stdout.write(
      `${rows} headlines of ${venue} scored, ${changed} otherwise than before\n`,
    );
  } finally {
    store.close();
  }
}
