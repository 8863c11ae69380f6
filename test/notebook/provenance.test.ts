import type { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell, startKernel } from './cells.ts';

const BACKTEST = `const result = await backtest({
  strategy: idea, feed: memoryFeed(instrument, '1m', bars), params: { n }, costs: costs.free,
});`;

describe('where a result came from', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await startKernel();
    for (const code of CELLS) expect((await runCell(kernel, code)).error).toBeUndefined();
  });
  afterAll(() => kernel?.close());

  // Cells [1] to [5]. The import is no cell of the result's: the library is the same whoever asks for it.
  const CELLS = [
    `import { backtest, costs, defineInstrument, defineStrategy, int, memoryFeed, provenanceOf, syntheticBars, z } from '@streamscalp/lib';`,
    `const bars = syntheticBars({ seed: 3, startTs: 0, rows: 500 });
    const instrument = defineInstrument({ symbol: 'SYN', venue: 'test', synthetic: true });`,
    'let n = 3;',
    `const idea = defineStrategy({
      name: 'every-nth',
      params: z.object({ n: int(1, 50).default(5) }),
      create: ({ n }) => { let i = 0; return { onBar(_, ctx) { if (++i % n === 0 && ctx.flat) ctx.buy(1); } }; },
    });`,
    BACKTEST,
  ];
  const run = (code: string) => runCell(kernel, code);
  const provenance = async () =>
    JSON.parse((await run('console.log(JSON.stringify(provenanceOf(result)))')).text);

  it('is the cells whose names it was made from, each with the hash of its text', async () => {
    const { run: made, cells, stale } = await provenance();
    expect(made).toBe(5);
    expect(cells).toEqual([
      {
        run: 2,
        sourceHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        names: ['instrument', 'bars'],
      },
      { run: 3, sourceHash: expect.any(String), names: ['n'] },
      { run: 4, sourceHash: expect.any(String), names: ['idea'] },
    ]);
    expect(stale).toEqual([]);
    expect((await run('result.strategy')).outputs).toHaveLength(1);
  });

  it('shows one line under it when a cell has set a name anew, and none once it is made again', async () => {
    await run('n = 4;');
    const { outputs, text } = await run('result.strategy');
    expect(outputs).toHaveLength(2);
    expect(text).toMatch(
      /^'every-nth'result is from cells \[2\], \[3\], \[4\], \[5\]; n of cell \[3\] was set again by cell \[\d+\]$/,
    );
    await run(BACKTEST);
    expect((await run('result.strategy')).outputs).toHaveLength(1);
  });

  it('says that a cell has run again, as which number, though its text is the same', async () => {
    const kept = await run('const kept = result; kept.strategy');
    expect(kept.outputs).toHaveLength(1);
    await run(BACKTEST);
    expect((await run('kept.strategy')).text).toMatch(
      /; cell \[\d+\] has run again since, as \[\d+\]$/,
    );
  });
});
