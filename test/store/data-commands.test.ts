import { dataCommand } from '@streamscalp/lib/cli/data';
import { hashBars } from '@streamscalp/lib/store/data-hash';
import { openStore } from '@streamscalp/lib/store/store';
import { openTrials } from '@streamscalp/lib/store/trials';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

let root: string;
beforeEach(() => {
  root = scratchDirectory();
  vi.stubEnv('LAB_STORE', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What `lab data … --json` prints. */
async function lab(...words: string[]): Promise<unknown> {
  let printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const command = new Command('data').exitOverride();
  dataCommand(command);
  await command.parseAsync([...words, '--json'], { from: 'user' });
  return JSON.parse(printed);
}

describe('lab data', () => {
  it('snapshot keeps what is stored, lists it and verifies it; gc shows before it deletes', async () => {
    const store = await openStore(root);
    await store.importBars(SYN, '1h', hourlyBars(1, 100));
    const { id } = (await lab('snapshot', '--symbol', 'SYN/USD')) as { id: string };
    expect(await lab('snapshot', '--verify', id)).toEqual({ id, files: 1 });
    const hash = hashBars(await store.bars(HOURS));
    const trial = {
      family: 'f',
      kind: 'backtest',
      params: {},
      codeHash: 'c',
      costs: 'free',
    } as const;
    openTrials(root).begin({ ...trial, dataHash: hash });
    await store.importBars(SYN, '1h', hourlyBars(2, 100));
    const second = (await lab('snapshot')) as { id: string };
    expect(await lab('snapshot', '--list')).toMatchObject([
      { id },
      { id: hash },
      { id: second.id },
    ]);
    const shown = { garbage: [{ why: 'a snapshot to be forgotten' }] };
    expect(await lab('gc', '--forget', id)).toMatchObject({ ...shown, deleted: false });
    expect(await lab('gc', '--forget', id, '--delete')).toMatchObject({ ...shown, deleted: true });
    expect(await lab('gc')).toEqual({ bytes: 0, deleted: false, garbage: [] });
    expect(hashBars(await store.snapshotBars(hash))).toBe(hash);
    await expect(lab('gc', '--forget', hash)).rejects.toThrow('is the data of a trial');
    await expect(lab('snapshot', '--symbol', 'X')).rejects.toThrow('there is nothing to keep');
    store.close();
  });

  it('compact merges what recorders added', async () => {
    const store = await openStore(root);
    const series = { venue: 'binance', symbol: 'BTC/USDT:USDT' };
    for (let i = 0; i < 3; i++) {
      const one = () => Float64Array.of(i + 1);
      const row = { availableTs: one(), rate: one(), markPrice: one(), intervalHours: one() };
      await store.record('funding', series, row);
    }
    expect(await lab('compact')).toEqual({ parts: 2 });
    expect([...(await store.read('funding', series)).rate]).toEqual([1, 2, 3]);
    store.close();
  });
});
