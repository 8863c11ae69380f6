import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import { progressText } from '@streamscalp/lib/notebook/progress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { runCell, startKernel } from './cells.ts';

const cross = (body: string) => `defineStrategy({
  name: 'cell-cross',
  params: z.object({ fast: int(2, 20).default(3), slow: int(5, 90).default(9) }),
  create: ({ fast, slow }, { close }) => {
    const quick = close(sma(fast)), steady = close(sma(slow));
    return { onBar(bar, ctx) { ${body} } };
  },
})`;
const TRADE =
  'const up = quick.value > steady.value; if (up && ctx.flat) ctx.buy(ctx.size.fraction(0.9)); else if (!up && ctx.long) ctx.close();';
const NAMES = 'defineStrategy, int, sma, z';

describe('strategies in cells', () => {
  let kernel: KernelClient;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(PROJECT_ROOT, 'node_modules', '.cache', 'cell-strategies-'));
    kernel = await startKernel();
    await run(
      `import { ${NAMES}, backtest, costs, defineInstrument, grid, memoryFeed, runSweep, syntheticBars } from "@streamscalp/lib";
      import { sweepWithProgress, writeStrategy } from "@streamscalp/lib/notebook/display";
      const bars = syntheticBars({ seed: 3, startTs: 0, rows: 3000 });
      const instrument = defineInstrument({ symbol: 'SYN', venue: 'test', synthetic: true });
      const folder = ${JSON.stringify(relative(PROJECT_ROOT, folder))};
      const configs = grid({ fast: [2, 3, 4], slow: [8, 16, 32] });
      const ground = { bars, instrument, timeframe: '1m', configs, costs: costs.free, workers: 1 };`,
    );
  });
  afterAll(async () => {
    await kernel?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (code: string) => runCell(kernel, code);

  it('run as they are', async () => {
    const made = await run(`const inCell = ${cross(TRADE)};`);
    expect(made.outputs).toEqual([]);
    const { text, error } = await run(
      'const result = await backtest({ strategy: inCell, feed: memoryFeed(instrument, "1m", bars), costs: costs.free }); result.trades.length > 5',
    );
    expect(error).toBeUndefined();
    expect(text).toBe('true');
  });

  it('that touch top-level names of the notebook on each bar are told so, by name', async () => {
    await run('let seen = 0; const limit = 5;');
    const { text, status } = await run(
      `const slow = ${cross('seen += 1; if (seen < limit && ctx.flat) ctx.buy(1);')};`,
    );
    expect(status).toBe('ok');
    expect(text).toMatch(/^slow strategy: on each bar it touches seen, limit at the top level/);
  });

  it('cannot cross to the workers of a sweep, and are refused with what to do', async () => {
    for (const call of ['sweepWithProgress', 'runSweep']) {
      const { error } = await run(`await ${call}({ ...ground, strategy: inCell as never });`);
      expect(error?.ename).toBe('LabError');
      expect(error?.evalue).toMatch(/defined in a cell cannot cross .* writeStrategy\(/);
    }
  });

  it('are saved as a module that a sweep runs, with its progress in one output', async () => {
    const source = `import { ${NAMES} } from "@streamscalp/lib";\nexport default ${cross(TRADE)};`;
    const saved = await run(
      `const saved = await writeStrategy('cell-cross', ${JSON.stringify(source)}, { folder }); saved.definition.name`,
    );
    expect(saved.text).toBe("'cell-cross'");
    expect(existsSync(join(folder, 'cell-cross.ts'))).toBe(true);
    const { outputs, error } = await run(
      'const swept = await sweepWithProgress({ ...ground, strategy: saved });',
    );
    expect(error).toBeUndefined();
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toMatchObject({
      data: {
        'text/plain': expect.stringMatching(
          /^Sweep of cell-cross: 9 of 9 trials · best sharpe .+ at fast \d, slow \d+$/,
        ),
      },
    });
  });

  it('with a mistake replace nothing and leave nothing behind', async () => {
    const before = readdirSync(folder);
    const { error } = await run(
      `await writeStrategy('cell-cross', 'export default 5;', { folder })`,
    );
    expect(error?.evalue).toMatch(/has no strategy/);
    expect(readdirSync(folder)).toEqual(before);
    const given = await run(`await writeStrategy('cell-cross', (() => 1) as never, { folder })`);
    expect(given.error?.evalue).toMatch(/is a function; a function or object of a cell cannot be/);
  });
});

it.each([
  [0, 400, 0, undefined, '0 of 400'],
  [120, 400, 4_000, 'best 1.2', '120 of 400 · 30/s · 9 s left · best 1.2'],
  [1, 3, 10_000, undefined, '1 of 3 · 0.1/s · 20 s left'],
])('progress of %d of %d after %d ms reads well', (done, total, elapsed, note, text) => {
  expect(progressText(done, total, elapsed, note)).toBe(text);
});
