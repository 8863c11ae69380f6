import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { candles } from '@streamscalp/lib/notebook/candles';
import { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import { kernelspec } from '@streamscalp/lib/notebook/kernelspec';
import { DISPLAY } from '@streamscalp/lib/notebook/mime-bundle';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { type Bench, type Figure, median, times } from './bench.ts';

/** The source of a strategy without its imports, as one would type it into a cell. */
const SMA_CROSS = readFileSync(join(PROJECT_ROOT, 'strategies/sma-cross.ts'), 'utf8')
  .replace(/^import [^;]*;\n/gm, '')
  .replace('export default', 'const inCell =');

const IMPORT = 'import * as lab from "@streamscalp/lib";';

/** What a person in a notebook waits for. */
export const notebook: Bench = {
  name: 'notebook',
  what: 'kernel, cells, strategies in cells, and a chart of 1,000,000 bars',
  async run() {
    const kernels: KernelClient[] = [];
    const ready = await times(3, async () => {
      kernels.push(await KernelClient.start(kernelspec(PROJECT_ROOT).argv));
    });
    const [kernel, ...others] = kernels;
    const atOnce = await times(1, () => others[1]!.execute(IMPORT, () => {}));
    for (const other of others) await other.close();
    const found = [
      ms('kernel ready', ready, 2_500),
      ms('import library, at once', atOnce, 600),
      ...(await cells(kernel!)),
      await chart(),
    ];
    await kernel!.close();
    return found;
  },
};

async function cells(kernel: KernelClient): Promise<Figure[]> {
  let printed = '';
  const run = async (code: string) => {
    printed = '';
    const reply = await kernel.execute(code, ({ content }) => {
      printed += typeof content.text === 'string' ? content.text : '';
    });
    assert.equal(reply.status, 'ok', JSON.stringify(reply));
  };
  const first = performance.now();
  await run(IMPORT);
  const imported = performance.now() - first;
  const trivial = await times(9, () => run('1 + 1'));
  const complete = await times(9, () =>
    kernel.ask('complete_request', { code: 'lab.backte', cursor_pos: 10 }),
  );
  await run('import { defineStrategy, int, real, sma, z } from "@streamscalp/lib";');
  await run(SMA_CROSS);
  await run(`
    const rows = 1_000_000;
    const instrument = lab.defineInstrument({ symbol: 'SYN', venue: 'bench', synthetic: true });
    const bars = lab.syntheticBars({ seed: 42, startTs: 0, rows });
    const inModule = await lab.loadStrategy('sma-cross');
    const once = async (strategy: typeof inCell | typeof inModule) => {
      const started = performance.now();
      await lab.backtest({ strategy: strategy as never, feed: lab.memoryFeed(instrument, '1m', bars), costs: lab.costs.free });
      return performance.now() - started;
    };`);
  await run(`{
    const cell: number[] = [], module: number[] = [];
    for (let i = 0; i < 7; i++) { cell.push(await once(inCell)); module.push(await once(inModule)); }
    const least = (all: number[]) => Math.min(...all);
    console.log(JSON.stringify([least(cell), least(module)]));
  }`);
  const [inCell, inModule] = JSON.parse(printed) as [number, number];
  const { comm, moves } = await slider(kernel);
  assert.match(comm, /^lab-controls-/);
  return [
    ms('slider, 100 k bars', moves, 200),
    { figure: 'import library, later', value: imported, unit: 'ms', goal: 600 },
    ms('trivial cell', trivial, 100),
    ms('completion', complete, 200),
    { figure: 'strategy in cell', value: inCell, unit: 'ns/bar' },
    { figure: 'strategy in module', value: inModule, unit: 'ns/bar' },
    { figure: 'cell over module', value: inCell / inModule, unit: '×', goal: 1.3 },
  ];
}

/** From a slider that moves to the picture of the backtest it stands for. */
async function slider(kernel: KernelClient): Promise<{ comm: string; moves: number[] }> {
  let shown = '';
  const reply = await kernel.execute(
    `const few = lab.syntheticBars({ seed: 7, startTs: 0, rows: 100_000 });
    lab.controls({ fast: lab.slider(2, 50, 10) }, async ({ fast }) => {
      const feed = lab.memoryFeed(instrument, '1m', few);
      const result = await lab.backtest({ strategy: inModule, params: { fast, slow: 60 }, feed, costs: lab.costs.free });
      return lab.lines({ name: 'equity', x: result.equity.ts, y: result.equity.value });
    })`,
    ({ content }) => {
      const data = content.data as Record<string, string> | undefined;
      shown = data?.['text/html'] ?? shown;
    },
  );
  assert.equal(reply.status, 'ok', JSON.stringify(reply));
  const comm = /data-id="([^"]+)"/.exec(shown)?.[1] ?? '';
  let fast = 5;
  const moves = await times(9, async () => {
    let drawn = false;
    await kernel.tell('comm_msg', { comm_id: comm, data: { fast: ++fast } }, ({ header }) => {
      drawn ||= header.msg_type === 'comm_msg';
    });
    assert(drawn);
  });
  return { comm, moves };
}

async function chart(): Promise<Figure> {
  const bars = syntheticBars({ seed: 42, startTs: 0, rows: 1_000_000 });
  return ms('chart of 1 M bars', await times(5, () => candles(bars)[DISPLAY]()), 300);
}

function ms(figure: string, ascending: readonly number[], goal: number): Figure {
  return { figure, value: median(ascending), unit: 'ms', goal };
}
