import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataCommand } from '@streamscalp/lib/cli/data';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { barsFromTicks } from '@streamscalp/lib/market/resample-ticks';
import { allocateTicks } from '@streamscalp/lib/market/tick';
import { openStore } from '@streamscalp/lib/store/store';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lab-resample-'));
  vi.stubEnv('LAB_STORE', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

async function resample(...words: string[]): Promise<unknown> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const command = new Command('data').exitOverride();
  dataCommand(command);
  const place = ['SYN/USD', '--venue', 'here', '--json'];
  await command.parseAsync(['resample', ...place, ...words], { from: 'user' });
  return JSON.parse(printed);
}

describe('lab data resample', () => {
  it('makes stored bars of prints, longer bars of those, and event bars in a file', async () => {
    const ticks = allocateTicks(600);
    for (let i = 0; i < 600; i++) {
      ticks.ts[i] = Date.UTC(2024, 0) + i * 1000;
      ticks.price[i] = 100 + Math.sin(i);
      ticks.qty[i] = 1;
    }
    const instrument = defineInstrument({ symbol: 'SYN/USD', venue: 'here', synthetic: true });
    const store = await openStore(root);
    await store.importTicks(instrument, ticks);
    expect(await resample('--from', 'ticks', '--to', '1m')).toMatchObject({ rows: 9 });
    const minutes = await store.bars({ venue: 'here', symbol: 'SYN/USD', timeframe: '1m' });
    expect(minutes.close).toEqual(barsFromTicks(ticks, '1m').close);
    expect(await resample('--from', '1m', '--to', '3m')).toMatchObject({ rows: 3 });
    const file = join(root, 'bars.csv');
    const made = await resample('--from', 'ticks', '--to', 'volume:100', '--csv', file);
    expect(made).toMatchObject({ rows: 6 });
    expect(readFileSync(file, 'utf8').split('\n').length).toBe(8);
    store.close();
    await expect(resample('--from', 'ticks', '--to', 'ticks:5')).rejects.toThrow('name a file');
    await expect(resample('--from', '1m', '--to', 'ticks:5')).rejects.toThrow('use --from ticks');
    await expect(resample('--from', '1m', '--to', '1d')).rejects.toThrow('fill no whole bar');
  });
});
