import { MINUTE } from '@streamscalp/lib/core/time';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { listening } from '../venues/alpaca-keys.ts';
import { AlpacaServer } from '../venues/alpaca-server.ts';

const FROM = Date.UTC(2024, 2, 1, 14, 30);
const ROWS = 60;

describe('lab data pull alpaca', () => {
  let server: AlpacaServer;
  let root: string;

  beforeEach(async () => {
    const bars = syntheticBars({ seed: 5, startTs: FROM, rows: ROWS });
    const rows = Array.from(bars.openTs, (ts, i) => ({
      ...{ t: new Date(ts).toISOString(), o: bars.open[i], h: bars.high[i], l: bars.low[i] },
      ...{ c: bars.close[i], v: bars.volume[i], n: 1, vw: bars.close[i] },
    }));
    server = await listening(new AlpacaServer({ bars: { AAPL: rows } }, FROM + 1000 * MINUTE));
    root = scratchDirectory();
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  const pull = (...words: readonly string[]) =>
    lab(root, 'data', 'pull', 'alpaca', 'AAPL', ...words, '--base-url', server.url);

  it('pulls bars by the keys of the environment', async () => {
    const { status, stdout } = await pull('1m', '--from', '2024-03-01', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'bars', rows: ROWS, written: 1 });
  });

  it('says where keys are to be written, and exits with 2', async () => {
    vi.stubEnv('APCA_API_KEY_ID', '');
    vi.stubEnv('APCA_API_SECRET_KEY', '');
    vi.stubEnv('APCA_KEY_FILE', '/nowhere/keys.json');
    const { status, stderr } = await pull('1m', '--from', '2024-03-01');
    expect(stderr).toContain('set APCA_API_KEY_ID and APCA_API_SECRET_KEY, or write');
    expect(stderr).toContain('/nowhere/keys.json');
    expect(status).toBe(2);
  });
});
