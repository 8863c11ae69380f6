import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { sliceBars } from '@streamscalp/lib/market/bar';
import {
  openPassport,
  type Passport,
  passportText,
  sealPassport,
} from '@streamscalp/lib/promote/passport';
import { verifyRows, verifySeries } from '@streamscalp/lib/promote/passport-series';
import { readPassport } from '@streamscalp/lib/promote/read-passport';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import { openStore } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, live } from '../cli/lab.ts';

const DAY = 86_400_000;
const SOURCE = `import { defineStrategy, int, sma, z } from '@streamscalp/lib';
export default defineStrategy({
  name: 'above-average',
  params: z.object({ length: int(2, 300).default(100) }),
  create({ length }, { close }) {
    const average = close(sma(length));
    return {
      onBar(bar, ctx) {
        if (bar.close > average.value && ctx.flat) ctx.buy(ctx.size.fraction(0.9));
        else if (bar.close < average.value && ctx.long) ctx.close();
      },
    };
  },
});
`;

let root: string;
let store: string;
let strategy: string;
let file: string;
let passport: Passport;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lab-promote-'));
  store = join(root, 'store');
  strategy = join(root, 'above-average.ts');
  file = join(root, 'passports', 'above.json');
  writeFileSync(strategy, SOURCE);
  expect((await lab(store, 'data', 'sample')).status).toBe(0);
  const { status, stdout, stderr } = await lab(
    store,
    ...['promote', strategy, '--symbol', 'SPX', '--venue', 'sample', '--costs', 'alpacaUsEquity'],
    ...['--from', '2001-01-01', '--space', 'length=50,100,200', '--param', 'length=150'],
    ...['--limit', 'maxDrawdown=0.4', '--days', '30', '--out', file, '--json'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const printed = JSON.parse(stdout) as { path: string; passport: Passport };
  expect(printed.path).toBe(file);
  ({ passport } = printed);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the passport's file with other bytes. */
function altered(text: string): string {
  const copy = join(root, 'altered.json');
  writeFileSync(copy, text);
  return copy;
}

/** What `openPassport` says to these bytes; fails when it takes them. */
async function refusal(text: string, now = passport.created): Promise<string> {
  const answer = await openPassport(altered(text), now).then(
    () => 'accepted',
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  );
  expect(answer).toMatch(/^refused: passport .*; promote the strategy again/s);
  return answer;
}

/** Paths of the leaves of a value: `data.hash` is ['data', 'hash']. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

function changed(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}` : 0;
}

describe('a passport', () => {
  it('is what lab promote wrote, alone in its folder, and is read back', async () => {
    expect(readdirSync(join(root, 'passports'))).toEqual(['above.json']);
    expect(readFileSync(file, 'utf8')).toBe(passportText(passport));
    const read = await readPassport(file, passport.created);
    expect(read.passport).toEqual(passport);
    expect(read.strategy.definition.name).toBe('above-average');
    expect(passport).toMatchObject({
      rung: 'paper',
      strategy: 'above-average',
      params: { length: 150 },
      run: { cash: 100_000, limits: { maxDrawdown: 0.4 }, costs: { name: 'alpacaUsEquity' } },
      market: { timeframe: '1d', instruments: [{ symbol: 'SPX', calendar: 'us-equity' }] },
      data: { fromTs: Date.UTC(2001, 0, 2), toTs: Date.UTC(2020, 3, 18) },
    });
    expect(passport.expires).toBe(passport.created + 30 * DAY);
    // The run it promotes and the three of its validation.
    expect(passport.validation.trials).toBe(4);
  });

  it('reproduces its backtest from its content and a copy of the history', async () => {
    const elsewhere = join(root, 'elsewhere');
    cpSync(store, elsewhere, { recursive: true });
    const { strategy, passport } = await readPassport(file);
    const { market, data, run, params } = passport;
    const copy = await openStore(elsewhere);
    const [instrument] = market.instruments;
    const range = { ...instrument!, timeframe: market.timeframe, from: data.fromTs };
    const bars = await copy.bars({ ...range, to: data.toTs });
    await expect(verifySeries(copy, passport)).resolves.toBeUndefined();
    copy.close();
    const feed = memoryFeed(instrument!, market.timeframe, bars);
    const limits = run.limits as RiskLimits;
    const result = await backtest({ ...run, limits, strategy, params, feed });
    expect(result.fingerprint).toBe(passport.backtest.fingerprint);
    expect(result.metrics.sharpe).toBe(passport.backtest.sharpe);
  });

  it('notices one price of the history that changed, and a bar that is missing', async () => {
    const history = await openStore(store);
    const { data, market } = passport;
    const key = { ...market.instruments[0]!, timeframe: market.timeframe };
    const bars = await history.bars({ ...key, from: data.fromTs, to: data.toTs });
    history.close();
    const shorter = sliceBars(bars, 0, data.bars - 1);
    const [series] = data.series;
    expect(() => verifyRows(series!, 0, bars)).not.toThrow();
    expect(() => verifyRows(series!, 0, shorter)).toThrow(
      /1d bars of SPX on sample from .*data\.series\.0\.hash was .* \d+ rows then, \d+ now/,
    );
    // The least change that a price can have.
    bars.close[1234] = bars.close[1234]! * (1 + Number.EPSILON);
    const changed = { ...bars };
    expect(() => verifyRows(series!, 0, changed)).toThrow(/are not those .*import them again/);
  });
});

describe('a passport that was touched', () => {
  it('is refused with the name of the field, whichever of them was changed', async () => {
    const { seals: _, id: __, ...content } = passport;
    const paths = leaves(content);
    expect(paths.length).toBeGreaterThan(40);
    for (const path of paths) {
      const copy = structuredClone(content) as unknown as Record<string, unknown>;
      let inner = copy;
      for (const name of path.slice(0, -1)) inner = inner[name] as Record<string, unknown>;
      const last = path.at(-1)!;
      inner[last] = changed(inner[last]);
      const told = await refusal(passportText({ ...passport, ...copy } as unknown as Passport));
      expect(told, path.join('.')).toMatch(new RegExp(`field "${path[0]}["\\.]`));
    }
  });

  it('is refused when any one of its bytes is another', async () => {
    const bytes = readFileSync(file);
    const accepted: number[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const copy = Buffer.from(bytes);
      copy[at] = copy[at]! ^ 1;
      writeFileSync(join(root, 'altered.json'), copy);
      await openPassport(join(root, 'altered.json'), passport.created).then(
        () => accepted.push(at),
        (error: Error & { code: string }) => expect(error.code).toBe('refused'),
      );
    }
    expect(accepted).toEqual([]);
  });

  it.each([
    ['cut short', () => passportText(passport).slice(0, 1000), 'it is not JSON'],
    ['empty', () => '', 'it is not JSON'],
    ['something else', () => 'a letter', 'it is not JSON'],
    ['another JSON', () => '{"version":1}', 'field "strategy"'],
    ['with one field more', () => passportText({ ...passport, more: 1 } as Passport), 'more'],
    ['written with other spaces', () => JSON.stringify(passport), 'its bytes were changed'],
    ['with another id', () => passportText({ ...passport, id: '0' }), 'its id does not fit'],
    [
      'with a seal taken away',
      () => passportText({ ...passport, seals: { ...passport.seals, run: '' } }),
      'field "run"',
    ],
  ])('is refused: %s', async (_, text, reason) => {
    expect(await refusal(text())).toContain(reason);
  });

  it('is refused the moment it has expired, with that moment', async () => {
    await expect(openPassport(file, passport.expires)).resolves.toEqual(passport);
    const told = await refusal(passportText(passport), passport.expires + 1);
    expect(told).toContain(`it expired at ${new Date(passport.expires).toISOString()}`);
  });

  it('is an error of the disk when it is not there', async () => {
    await expect(openPassport(join(root, 'none.json'), 0)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('none.json'),
    });
  });
});

describe('a whole passport on another code', () => {
  const other = '0'.repeat(64);
  const resealed = (code: Partial<Passport['code']>) => {
    const { seals: _, id: __, ...content } = passport;
    return altered(passportText(sealPassport({ ...content, code: { ...content.code, ...code } })));
  };

  it.each([
    ['lockfileHash', 'package-lock.json has changed'],
    ['libraryHash', 'the code of the library has changed'],
    ['strategyHash', 'above-average.ts has changed'],
  ])('is refused and names it: %s', async (field, reason) => {
    await expect(readPassport(resealed({ [field]: other }))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        `${reason}.* \\(code\\.${field} was ${other}, is [0-9a-f]{64}\\)`,
      ),
    });
  });

  it('is refused after one byte of the strategy changed, and holds again when it is put back', async () => {
    writeFileSync(strategy, SOURCE.replace('fraction(0.9)', 'fraction(0.8)'));
    try {
      await expect(readPassport(file)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('above-average.ts has changed since it was issued'),
      });
    } finally {
      writeFileSync(strategy, SOURCE);
    }
    await expect(readPassport(file)).resolves.toMatchObject({ passport: { id: passport.id } });
  });

  it('is refused with the name of the file when the strategy is gone', async () => {
    await expect(readPassport(resealed({ source: 'strategies/gone.ts' }))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('strategies/gone.ts'),
    });
  });
});

describe('live paper', () => {
  const paper = (name: string) => ['paper', '--passport', join(root, name), '--replay'];

  it('takes no passport but a whole one: status 4, the reason, and nothing written', async () => {
    const text = passportText(passport);
    writeFileSync(join(root, 'touched.json'), text.replace('"cash": 100000', '"cash": 900000'));
    writeFileSync(join(root, 'torn.json'), text.slice(0, -100));
    const ledger = join(root, 'ledger', 'paper.sqlite');
    for (const [name, reason] of [
      ['touched.json', 'its field "run" was changed after it was sealed'],
      ['torn.json', 'it is not JSON'],
    ] as const) {
      const end = await live(store, ...paper(name), '--ledger', ledger, '--json');
      expect(end).toMatchObject({ status: 4, stdout: '' });
      const { error } = JSON.parse(end.stderr) as { error: { code: string; message: string } };
      expect(error.code).toBe('refused');
      expect(error.message).toContain(reason);
    }
    expect(existsSync(ledger)).toBe(false);
  });
});
