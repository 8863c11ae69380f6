import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { costs } from '@streamscalp/lib/engine/sim/costs';
import { parseParams } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { loadStrategy, strategyNames } from '@streamscalp/lib/loader/strategy-file';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { sample } from '@streamscalp/lib/optimize/space';
import { strategies } from '@streamscalp/strategies';
import { afterAll, describe, expect, it } from 'vitest';
import { decide } from './support/decisions.ts';
import { minuteWalk } from './support/markets.ts';
import { PROJECT_ROOT } from './support/shared-data.ts';

const bars = minuteWalk(71, 5_000);
const instrument = defineInstrument({ symbol: 'T', venue: 'test' });

/** Inside the project, so that a strategy there finds its packages. */
mkdirSync(join(PROJECT_ROOT, 'node_modules', '.cache'), { recursive: true });
const folder = mkdtempSync(join(PROJECT_ROOT, 'node_modules', '.cache', 'strategies-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function save(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}

const source = (name: string, size = 1) => `
import { defineStrategy, z } from '@streamscalp/lib';
export default defineStrategy({
  name: '${name}',
  params: z.object({}),
  create: () => ({ onBar(_bar, ctx) { if (ctx.flat) ctx.buy(${size} as number); } }),
});
`;

describe('the strategies of the house', () => {
  it('are the ones that the registry and the folder know, under one name', async () => {
    expect(Object.keys(strategies).sort()).toEqual(strategyNames());
    for (const [name, { name: own }] of Object.entries(strategies)) {
      expect(own).toBe(name);
      const { definition } = await loadStrategy(name);
      expect(definition.name).toBe(name);
      expect(parseParams(definition, {})).toEqual(parseParams(strategies[name]!, {}));
    }
  });

  it.each(Object.entries(strategies))('%s trades with its defaults', (_name, strategy) => {
    const { entries, equity } = decide(strategy, bars, '1m');
    expect(entries.some(({ kind }) => kind === 'fill')).toBe(true);
    expect(equity.every(Number.isFinite)).toBe(true);
  });

  it.each(Object.entries(strategies))(
    '%s bears any parameters in its bounds',
    async (_name, strategy) => {
      for (const params of sample(strategy, 8, 3)) {
        const feed = memoryFeed(instrument, '1m', bars);
        const result = await backtest({ feed, strategy, params, costs: costs.binanceSpot });
        expect(result.equity.value.every(Number.isFinite)).toBe(true);
      }
    },
  );

  it.each([
    ['sma-cross', { fast: 1 }, /fast is 1: .*>=2/],
    ['sma-cross', { slow: 20.5 }, /slow is 20.5/],
    ['sma-cross', { quick: 3 }, /quick is not a parameter; sma-cross has fast, slow, fraction/],
    ['rsi-reversion', { oversold: 'low' }, /oversold is "low"/],
    ['buy-and-hold', { fraction: 2, other: 1 }, /other is not .*; fraction is 2/],
  ])('%s refuses %j and says why', (name, params, message) => {
    expect(() => parseParams(strategies[name]!, params)).toThrow(message);
  });
});

describe('a strategy that was saved a moment ago', () => {
  it('in strategies/ can be used by its name, and no more once it is gone', async () => {
    // In a project of its own: in this one other tests are listing strategies at this moment.
    const project = join(folder, 'project');
    mkdirSync(join(project, 'strategies'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "name": "streamscalp-lab" }');
    const path = join(project, 'strategies', 'fresh.ts');
    const home = process.cwd();
    try {
      process.chdir(project);
      writeFileSync(path, source('fresh'));
      expect(strategyNames()).toEqual(['fresh']);
      const strategy = await loadStrategy('fresh');
      const feed = memoryFeed(instrument, '1m', bars);
      const result = await backtest({ feed, strategy, costs: costs.free });
      expect(result.strategy).toBe('fresh');
      expect(result.fills.length).toBe(1);
      rmSync(path);
      await expect(loadStrategy('fresh')).rejects.toThrow('"fresh" is not in strategies/');
    } finally {
      process.chdir(home);
    }
  });

  it('is read again when it has changed', async () => {
    const path = save('changing.ts', source('before'));
    const before = await loadStrategy(path);
    save('changing.ts', source('after'));
    const after = await loadStrategy(path);
    expect([before.definition.name, after.definition.name]).toEqual(['before', 'after']);
    expect(after.module.compiled).not.toBe(before.module.compiled);
  });

  it('has another code hash when a file it imports changes by one byte, and the old one when it changes back', async () => {
    const text = source('parent').replace('1 as number', 'SIZE');
    const path = save('parent.ts', `import { SIZE } from './size.ts';${text}`);
    const hashes: string[] = [];
    for (const size of [1, 2, 1]) {
      save('size.ts', `export const SIZE = ${size};\n`);
      hashes.push((await loadStrategy(path)).module.codeHash);
    }
    save('unrelated.ts', 'export {};\n');
    hashes.push((await loadStrategy(path)).module.codeHash);
    expect(hashes[1]).not.toBe(hashes[0]);
    expect(hashes[2]).toBe(hashes[0]);
    expect(hashes[3]).toBe(hashes[0]);
  });

  it.each([
    [
      'does not parse',
      'export default {;',
      'data',
      /broken\.ts.* does not compile: .*but found ";"/s,
    ],
    ['imports what is not there', "import './nowhere.ts';", 'data', /does not compile: .*nowhere/s],
    [
      'throws while it loads',
      'throw new Error("at once");',
      'data',
      /broken\.ts cannot be loaded: at once/,
    ],
    ['exports no strategy', 'export default { name: "x" };', 'data', /broken\.ts has no strategy/],
    ['exports nothing', 'export const a = 1;', 'data', /broken\.ts has no strategy/],
  ])('and %s is an error that names the file', async (_claim, text, code, message) => {
    const path = save('broken.ts', `${text}\n`);
    await expect(loadStrategy(path)).rejects.toMatchObject({ name: 'LabError', code });
    await expect(loadStrategy(path)).rejects.toThrow(message);
  });
});

describe('a strategy that is not there', () => {
  it.each(['sma-crss', 'smacross', 'SMA-CROSS'])(
    'by the name %s lists the nearest first',
    async (name) => {
      await expect(loadStrategy(name)).rejects.toThrow(
        new RegExp(`strategy "${name}" is not in strategies/; nearest: sma-cross`),
      );
    },
  );

  it.each(['index', '../package', 'sma-cross.sweep', ''])(
    'is none under the name "%s"',
    async (name) => {
      await expect(loadStrategy(name)).rejects.toMatchObject({ name: 'LabError', code: 'usage' });
    },
  );

  it('by its path names the path', async () => {
    await expect(loadStrategy('nowhere/at-all.ts')).rejects.toThrow(
      /no file .*nowhere\/at-all\.ts/,
    );
  });
});
