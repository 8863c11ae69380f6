import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MINUTE } from '@streamscalp/lib/core/time';
import { BAR_COLUMNS, sliceBars } from '@streamscalp/lib/market/bar';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { openStore } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from '../store/scratch.ts';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { BinanceServer } from '../venues/binance-server.ts';

const FROM = Date.UTC(2024, 0, 1);
const ROWS = 3000;
const BARS = syntheticBars({ seed: 11, startTs: FROM, rows: ROWS });

let server: BinanceServer;
let root: string;

beforeEach(async () => {
  server = await new BinanceServer({ bars: BARS }, FROM + ROWS * MINUTE + 5000).listen();
  root = scratchDirectory();
});
afterEach(() => server.close());

function lab(...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(PROJECT_ROOT, 'lib/bin/lab.js'), 'data', 'pull', ...args, '--base-url', server.url],
    { env: { ...process.env, LAB_STORE: root }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([stdout, stderr, [status]]) => ({ stdout, stderr, status: status as number | null }),
  );
  return { child, ended };
}

const MINUTES = ['binance', 'BTC/USDT', '1m', '--from', '2024-01-01'];

async function storedRows(): Promise<number> {
  const store = await openStore(root);
  try {
    const bars = await store.bars({ venue: 'binance', symbol: 'BTC/USDT', timeframe: '1m' });
    const wanted = sliceBars(BARS, 0, bars.openTs.length);
    for (const name of BAR_COLUMNS) expect(bars[name]).toEqual(wanted[name]);
    return bars.openTs.length;
  } finally {
    store.close();
  }
}

describe('lab data pull', () => {
  it('pulls bars, says what it did, and has nothing to do the second time', async () => {
    const first = await lab(...MINUTES).ended;
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toBe(
      '1m bars of BTC/USDT on binance: 3000 rows for what was missing from 2024-01-01T00:00:00.000Z to 2024-01-03T02:00:00.000Z, 1 file written\n',
    );
    expect(await storedRows()).toBe(ROWS);
    const second = await lab(...MINUTES, '--json').ended;
    expect(JSON.parse(second.stdout)).toMatchObject({ rows: 0, written: 0, missing: [] });
  });

  it('goes on where it was killed', async () => {
    const { child, ended } = lab(...MINUTES);
    server.onRequest = () => {
      if (server.requests.filter((path) => path.includes('klines')).length === 3)
        child.kill('SIGKILL');
    };
    expect((await ended).status).toBe(null);
    server.onRequest = () => {};
    expect(await lab(...MINUTES).ended).toMatchObject({ status: 0 });
    expect(await storedRows()).toBe(ROWS);
  });

  it('keeps what came at Ctrl-C, says how to go on, and exits with 130', async () => {
    const { child, ended } = lab(...MINUTES);
    server.onRequest = () => {
      if (server.requests.filter((path) => path.includes('klines')).length === 2)
        child.kill('SIGINT');
    };
    const { status, stderr } = await ended;
    expect(status).toBe(130);
    expect(stderr).toContain('and the same command goes on from there');
    expect(await storedRows()).toBeGreaterThanOrEqual(1000);
    server.onRequest = () => {};
    await lab(...MINUTES).ended;
    expect(await storedRows()).toBe(ROWS);
  });

  it.each([
    [['binanse', 'BTC/USDT', '1m', '--from', '2024-01-01'], 'nearest are binance'],
    [
      ['binance', 'BTC/USD', '1m', '--from', '2024-01-01'],
      'has no market BTC/USD; nearest of 1 are BTC/USDT',
    ],
    [['binance', 'BTC/USDT', '2m', '--from', '2024-01-01'], 'has no 2m bars; nearest are'],
    [['binance', 'BTC/USDT', '--from', '2024-01-01'], 'bars need a length'],
    [['binance', 'BTC/USDT', '1m'], 'give --from'],
  ])('refuses %j', async (args, message) => {
    const { status, stderr } = await lab(...args).ended;
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
