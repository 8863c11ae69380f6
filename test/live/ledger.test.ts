import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Random } from '@streamscalp/lib/core/random';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { openLedger, readLedger } from '@streamscalp/live/ledger/repository';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { knownEntry, knownRun } from './known-run.ts';

const WRITER = join(PROJECT_ROOT, 'test/dist/live/ledger-writer.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const progress = (bars: number) => ({
  bars,
  lastTs: bars,
  cash: 500,
  equity: 1000,
  maxDrawdown: 0,
});
const fill = (side: 'buy' | 'sell', qty: number, price: number, fee: number): LedgerEntry => ({
  kind: 'fill',
  ts: 1,
  orderId: 1,
  instrument: 0,
  side,
  qty,
  price,
  fee,
  liquidity: 'taker',
  left: 0,
});

describe('live ledger', () => {
  it('gives back every entry to the last bit, absent prices included', async () => {
    const path = join(folder, 'exact.sqlite');
    const entries: LedgerEntry[] = [
      knownEntry(2),
      fill('buy', 0.1 + 0.2, 5e-324, -1.7976931348623157e308),
      {
        kind: 'denied',
        ts: 0.125,
        orderId: 9,
        rule: 'max-order',
        limit: -1 / 3,
        found: Number.POSITIVE_INFINITY,
      },
      { kind: 'ended', ts: 2, orderId: 9, status: 'canceled', reason: 'a "quoted"\nreason — ü' },
      { kind: 'state', ts: 3, state: 'HALTED', reason: '' },
    ];
    const ledger = await openLedger(path);
    const run = await ledger.openRun(knownRun);
    for (const entry of entries) run.append(entry);
    run.mark(progress(1));
    await run.flush();
    expect(await ledger.readEntries(knownRun.run_id)).toEqual(entries);
    await ledger.close();
  });

  it('folds entries into cash, position, open orders and denials', async () => {
    const path = join(folder, 'fold.sqlite');
    const ledger = await openLedger(path);
    const run = await ledger.openRun(knownRun);
    const order = { ...knownEntry(2), orderId: 1 } as LedgerEntry;
    run.append(order);
    run.append(fill('buy', 2, 100, 1)); // cash 1000 − 200 − 1
    run.append({ ...order, orderId: 2 } as LedgerEntry);
    run.append({ kind: 'denied', ts: 2, orderId: 2, rule: 'r', limit: 1, found: 2 });
    run.append({ ...order, orderId: 3 } as LedgerEntry);
    run.append(fill('sell', 0.5, 120, 2)); // + 60 − 2
    run.mark(progress(3));
    await run.close('stopped');
    const [record] = await ledger.records();
    expect(record?.account).toEqual({
      positions: [1.5],
      cash: 857,
      fees: 3,
      orders: 3,
      openOrders: 1,
      fills: 2,
      denied: 1,
      trading: 'ACTIVE',
      lastTs: 1,
    });
    expect(record?.lease).toBeUndefined();
    await ledger.close();
  });

  it('refuses a second writer of a run, and lets one in when the first has closed', async () => {
    const path = join(folder, 'lease.sqlite');
    const [first, second] = [await openLedger(path), await openLedger(path)];
    const run = await first.openRun(knownRun);
    await expect(second.openRun(knownRun)).rejects.toThrow(
      new RegExp(`being written by process ${process.pid}`),
    );
    await run.close('stopped');
    await (await second.openRun(knownRun)).close('stopped');
    await Promise.all([first.close(), second.close()]);
  });

  it('refuses a run that decides otherwise when it starts again, and names the entry', async () => {
    const path = join(folder, 'differs.sqlite');
    const ledger = await openLedger(path);
    const run = await ledger.openRun(knownRun);
    for (const seq of [1, 2, 3]) run.append(knownEntry(seq));
    run.mark(progress(5));
    await run.close('stopped');

    const other = await ledger.openRun(knownRun);
    other.append(knownEntry(1));
    expect(() => other.append(knownEntry(3))).toThrow(/otherwise.*at entry 2: the ledger has \{/);
    await other.close('halted', 'differs');

    const fewer = await ledger.openRun(knownRun);
    fewer.append(knownEntry(1));
    fewer.mark(progress(4));
    expect(() => fewer.mark(progress(5))).toThrow(/at entry 2: .* now give none/);
    await fewer.close('halted', 'differs');

    const more = await ledger.openRun(knownRun);
    for (const seq of [1, 2, 3]) more.append(knownEntry(seq));
    expect(() => more.append(knownEntry(4))).toThrow(/at entry 4: the ledger has no such entry/);
    await more.close('halted', 'differs');
    expect(await ledger.readEntries(knownRun.run_id)).toHaveLength(3);
    await ledger.close();
  });

  it('says what is wrong with a file that is no ledger, and with none', async () => {
    const path = join(folder, 'text.sqlite');
    writeFileSync(path, 'this is not a database, but it is long enough to have a header of one');
    await expect(openLedger(path)).rejects.toThrow(
      /cannot be opened as a ledger: .*not a database/,
    );
    await expect(readLedger(join(folder, 'none.sqlite'))).rejects.toThrow(/there is no ledger at/);
  });

  it('loses no acknowledged entry and tears none when the writer is killed a dozen times', async () => {
    const path = join(folder, 'killed.sqlite');
    const random = new Random(20);
    let reads = 0;
    for (let life = 0; life < 12; life++) {
      const writer = spawn(process.execPath, [WRITER, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(writer, 'exit');
      const acknowledged = killAfter(writer, 1 + random.integer(60));
      // A reader beside the writer: whatever moment it sees is whole.
      while (writer.exitCode === null && writer.signalCode === null) {
        reads += await readWhole(path);
        await new Promise(setImmediate);
      }
      await exited;
      const { bars, entries } = await acknowledged;
      const reader = await readLedger(path);
      const [record] = await reader.records();
      expect(record!.progress.bars).toBeGreaterThanOrEqual(bars);
      expect(record!.progress.entries).toBeGreaterThanOrEqual(entries);
      await reader.close();
    }
    expect(reads).toBeGreaterThan(12);
  }, 90_000);
});

/** Kills the writer when it has acknowledged that many bars; resolves to the last acknowledgement that arrived. */
async function killAfter(writer: ChildProcess, bars: number) {
  let last = { bars: 0, entries: 0 };
  let seen = 0;
  for await (const line of createInterface({ input: writer.stdout! })) {
    const [bar, entries] = line.split(' ').map(Number);
    last = { bars: bar!, entries: entries! };
    if (++seen === bars) writer.kill('SIGKILL');
  }
  return last;
}

/** Reads the ledger once; 1 when there was one, 0 before the writer has made it. */
async function readWhole(path: string): Promise<number> {
  const reader = await readLedger(path).catch(() => undefined);
  if (reader === undefined) return 0;
  try {
    const [record] = await reader.records();
    if (record === undefined) return 0;
    const entries = await reader.readEntries(knownRun.run_id);
    expect(entries.length).toBeGreaterThanOrEqual(record.progress.entries);
    expect(entries).toEqual(entries.map((_, i) => knownEntry(i + 1)));
    return 1;
  } catch (error) {
    // The very first moments of the file: the writer is still making its tables.
    if (error instanceof Error && /no such table|unable to open/.test(error.message)) return 0;
    throw error;
  } finally {
    await reader.close();
  }
}
