import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataCommand } from '@streamscalp/lib/cli/data';
import { DAY, HOUR, MINUTE } from '@streamscalp/lib/core/time';
import { allocateBars, BAR_COLUMNS, type BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { PullCoverage } from '@streamscalp/lib/store/pull-coverage';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const START = Date.UTC(2024, 0, 1);
const COIN = defineInstrument({ symbol: 'COIN/USD', venue: 'here', synthetic: true });
const MINUTES = { venue: 'here', symbol: 'COIN/USD', timeframe: '1m' };

let root: string;
let store: Store;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'lab-check-'));
  vi.stubEnv('LAB_STORE', root);
  store = await openStore(root);
});
afterEach(() => {
  store.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
  rmSync(root, { recursive: true });
});

/** What `lab data check` prints, and its exit status. */
async function check(...words: string[]): Promise<{ printed: string; status: number }> {
  process.exitCode = undefined;
  let printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const command = new Command('data').exitOverride();
  dataCommand(command);
  await command.parseAsync(['check', ...words], { from: 'user' });
  return { printed, status: Number(process.exitCode ?? 0) };
}

interface Checked {
  readonly coverage: Record<string, number>;
  readonly findings: readonly { kind: string; severity: string; message: string }[];
  readonly repaired: number;
}

async function checked(...words: string[]): Promise<Checked[]> {
  return JSON.parse((await check(...words, '--json')).printed) as Checked[];
}

const kinds = ({ findings }: Checked) => findings.map(({ kind }) => kind);

/** Rows [from, to) taken out. */
function without(bars: BarColumns, from: number, to: number): BarColumns {
  const rows = bars.openTs.length - (to - from);
  const rest = allocateBars(rows);
  for (const name of BAR_COLUMNS) {
    rest[name].set(bars[name].subarray(0, from));
    rest[name].set(bars[name].subarray(to), from);
  }
  return rest;
}

describe('lab data check', () => {
  it('ends with 0 over clean bars, with 3 over a gap, and with 0 once the venue has answered', async () => {
    const bars = syntheticBars({ seed: 3, startTs: START, rows: 1000 });
    await store.importBars(COIN, '1m', without(bars, 400, 410));
    const { printed, status } = await check('COIN/USD', '1m');
    expect(status).toBe(3);
    expect(printed).toContain('10 bars of 1m missing');
    const [first] = await checked();
    expect(first!.coverage).toEqual({ present: 990, 'no-trade': 0, outage: 0, unknown: 10 });
    const pulled = new PullCoverage(root, { ...MINUTES, kind: 'bars' });
    await pulled.add({ from: START, to: START + DAY });
    expect((await check()).status).toBe(0);
    const [second] = await checked();
    expect(second!.coverage).toEqual({ present: 990, 'no-trade': 10, outage: 0, unknown: 0 });
    expect(second!.findings).toMatchObject([{ kind: 'gap', severity: 'notice' }]);
  });

  it('calls a gap an outage when the rules said that trading was halted', async () => {
    const bars = without(syntheticBars({ seed: 3, startTs: START, rows: 1000 }), 400, 410);
    await store.importBars(COIN, '1m', bars);
    const nothing = new Float64Array(2);
    await store.append('rules', COIN, {
      availableTs: Float64Array.of(START + 400 * MINUTE, START + 410 * MINUTE),
      ...{ tickSize: nothing, lotSize: nothing, minQty: nothing, maxQty: nothing },
      ...{ minNotional: nothing, makerRate: nothing, takerRate: nothing },
      status: ['HALT', 'TRADING'],
    });
    const [found] = await checked('COIN/USD', '1m');
    expect(found!.coverage).toEqual({ present: 990, 'no-trade': 0, outage: 10, unknown: 0 });
  });

  it('repairs on request only, keeps what was there, and writes down what it did', async () => {
    const clean = syntheticBars({ seed: 3, startTs: START, rows: 1000 });
    const broken = syntheticBars({ seed: 3, startTs: START, rows: 1000 });
    for (const name of ['open', 'high', 'low', 'close'] as const) {
      for (let row = 200; row < 260; row++) broken[name][row]! *= 100;
    }
    await store.importBars(COIN, '1m', broken);
    const [proposed] = await checked('COIN/USD', '1m');
    expect(kinds(proposed!)).toEqual(['hundredfold']);
    expect((await store.bars(MINUTES)).close).toEqual(broken.close);

    const { printed, status } = await check('COIN/USD', '1m', '--repair', '--json');
    expect([status, (JSON.parse(printed) as Checked[])[0]!.repaired]).toEqual([0, 1]);
    const repaired = await store.bars(MINUTES);
    for (let row = 0; row < 1000; row++) {
      expect(repaired.close[row]! / clean.close[row]!).toBeCloseTo(1, 12);
    }
    const folder = join(root, 'bars', 'venue=here', 'symbol=COIN%2FUSD', 'tf=1m');
    const log = readFileSync(join(folder, 'repairs.ndjson'), 'utf8').trim().split('\n');
    expect(log.length).toBe(1);
    const entry = JSON.parse(log[0]!) as { snapshot: string; was: { close: number } };
    expect(entry).toMatchObject({ kind: 'hundredfold', rows: 60, repair: { price: 0.01 } });
    expect(entry.was.close).toBe(broken.close[200]);
    expect((await store.snapshotBars(entry.snapshot)).close).toEqual(broken.close);
    expect((await check()).status).toBe(0);
  });

  it('looks for stored splits that prices do not follow', async () => {
    const share = defineInstrument({ symbol: 'SHARE', venue: 'here' });
    const bars = syntheticBars({ seed: 8, startTs: START, rows: 90 });
    bars.openTs.set(bars.openTs.map((_, i) => START + i * DAY));
    bars.closeTs.set(bars.openTs.map((ts) => ts + DAY));
    await store.importBars(share, '1d', bars);
    const none = Float64Array.of(Number.NaN);
    await store.append('actions', share, {
      availableTs: Float64Array.of(START),
      exTs: Float64Array.of(START + 40 * DAY),
      ...{ payTs: none, type: ['split'], ratio: Float64Array.of(4) },
      ...{ cash: Float64Array.of(0), currency: ['USD'] },
    });
    const [actions, days] = await checked('SHARE').then((all) => all.toReversed());
    expect(kinds([actions!, days!].find(({ findings }) => findings.length > 0)!)).toEqual([
      'split',
    ]);
  });

  it('covers prints by the hour, finds crossed quotes, and draws it all', async () => {
    await store.importBars(COIN, '1m', syntheticBars({ seed: 3, startTs: START, rows: 600 }));
    const ts = Float64Array.of(START, START + 3 * HOUR, START + 3 * HOUR + 1);
    const one = Float64Array.of(1, 1, 1);
    await store.append('quotes', COIN, {
      ...{ ts, eventTs: ts, seq: Float64Array.of(1, 2, 3), bidQty: one, askQty: one },
      ...{ bid: Float64Array.of(9, 11, 9), ask: Float64Array.of(10, 10, 10) },
    });
    const file = join(root, 'coverage.svg');
    const all = await checked('COIN/USD', '--picture', file);
    const quotes = all.find(({ findings }) => findings.length > 0)!;
    expect(quotes.findings).toMatchObject([
      { kind: 'crossed', severity: 'fault', message: 'a quote crossed: bid 11, ask 10' },
    ]);
    expect(quotes.coverage).toMatchObject({ present: 2, unknown: 2 });
    expect(existsSync(file)).toBe(true);
    const svg = readFileSync(file, 'utf8');
    expect(svg).toContain('COIN/USD 1m on here');
    expect(svg).toContain('COIN/USD quotes on here');
    await expect(check('NONE')).rejects.toThrow('there is no such series');
  });
});
