import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { KERNEL_NAME } from './kernelspec.ts';
import { type Cell, writeNotebook } from './notebook-file.ts';

const DATA = `import {
  backtest, candles, costs, defineStrategy, int, openStore, overview, sma, storeFeed, z,
} from '@streamscalp/lib';

const store = await openStore();
const market = { venue: 'sample', symbol: 'SPX', timeframe: '1d' };
const feed = await storeFeed(store, market);
const bars = await store.bars(market);
candles(bars, { volume: true })`;

const STRATEGY = `const idea = defineStrategy({
  name: 'my-idea',
  params: z.object({ fast: int(2, 50).default(10), slow: int(20, 200).default(50) }),
  create: ({ fast, slow }, { close }) => {
    const quick = close(sma(fast)), steady = close(sma(slow));
    return {
      onBar(_bar, ctx) {
        const up = quick.value > steady.value;
        if (up && ctx.flat) ctx.buy(ctx.size.fraction(0.95));
        else if (!up && ctx.long) ctx.close();
      },
    };
  },
});`;

const RUN = `const result = await backtest({ feed, strategy: idea, costs: costs.alpacaUsEquity });
overview(result, bars)`;

/** What a new notebook holds: the path from a question to a run, on the sample history, ready to be changed. */
function template(title: string): Cell[] {
  return [
    prose(`# ${title}\n\nWhat do I believe, why should it pay, and what would prove me wrong?`),
    prose('## The data'),
    code(DATA),
    prose('## The idea\n\nParameters with bounds; indicators declared once; orders in `onBar`.'),
    code(STRATEGY),
    prose('## What it would have done, after costs'),
    code(RUN),
    prose(
      '## What I learned\n\nBefore believing it: save the strategy with `writeStrategy`, sweep its parameters with ' +
        '`sweepWithProgress`, and ask `walkForward` whether the choice holds on data it has not seen.',
    ),
  ];
}

/**
 * Makes a notebook in the project's `notebooks` folder.
 *
 * @param name of the file, with or without `.ipynb`; letters, digits, hyphens and underscores
 * @returns its path
 * @throws LabError `usage` for a bad name, or when there is one of that name: nothing is overwritten
 */
export function newNotebook(projectRoot: string, name: string): string {
  const plain = name.replace(/\.ipynb$/, '');
  if (!/^[\w][\w-]*$/.test(plain)) {
    throw new LabError(
      'usage',
      `notebook name is "${name}"; use letters, digits, hyphens and underscores, such as my-idea`,
    );
  }
  const path = join(projectRoot, 'notebooks', `${plain}.ipynb`);
  if (existsSync(path)) {
    throw new LabError('usage', `${path} exists; give another name, or move it away first`);
  }
  mkdirSync(dirname(path), { recursive: true });
  const words = plain.replaceAll(/[-_]+/g, ' ').trim();
  writeNotebook(path, {
    cells: template(words.charAt(0).toUpperCase() + words.slice(1)),
    metadata: {
      kernelspec: {
        name: KERNEL_NAME,
        display_name: 'TypeScript (lab)',
        language: 'typescript',
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
  return path;
}

function prose(source: string): Cell {
  return { cell_type: 'markdown', metadata: {}, source };
}

function code(source: string): Cell {
  return { cell_type: 'code', metadata: {}, source, outputs: [], execution_count: null };
}
