import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, trialIds } from './lab.ts';

let root: string;
let store: string;
let files: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lab-bad-'));
  store = join(root, 'store');
  files = join(root, 'files');
  mkdirSync(files);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(files, name), text);
  const walk = ['date,open,high,low,close,volume'];
  for (let day = 0; day < 400; day++) {
    const date = new Date(Date.UTC(2019, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
    const price = 100 + 10 * Math.sin(day / 7);
    walk.push(`${date},${price},${price + 1},${price - 1},${price},1`);
  }
  writeFileSync(join(files, 'good.csv'), walk.join('\n'));
  const key = ['--symbol', 'WAVE', '--venue', 'here', '--timeframe', '1d'];
  const { status, stderr } = await lab(store, 'data', 'import', join(files, 'good.csv'), ...key);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const HEAD = "import { defineStrategy, int, z } from '@streamscalp/lib';\n";
const define = (name: string, body: string) =>
  `${HEAD}export default defineStrategy({ name: '${name}', params: z.object({ n: int(1, 9).default(1) }), ${body} });\n`;

/** Strategies and bars as people break them. */
const FILES: Readonly<Record<string, string>> = {
  'syntax.ts': `${HEAD}export default {`,
  'nothing.ts': 'export const strategy = 1;',
  'load.ts': "const broken = () => { throw new Error('no luck'); };\nbroken();\nexport default 1;",
  'create.ts': define('create', "create() { throw new TypeError('no model'); }"),
  'bar.ts': define(
    'bar',
    `create() {
      let bars = 0;
      const decide = () => { if (++bars === 100) throw new RangeError('bar ' + bars); };
      return { onBar() { decide(); } };
    }`,
  ),
  'context.ts': define(
    'context',
    'create() { return { onBar(_bar, ctx) { ctx.buy(ctx.size.fraction(Number.NaN)); } }; }',
  ),
  'text.ts': define('text', "create() { return { onBar() { throw 'words'; } }; }"),
  'promise.ts': define('promise', 'async create() { return { onBar() {} }; }'),
  'async.ts': define('async', 'create() { return { async onBar() {} }; }'),
  'loud.ts': define('loud', "create() { console.log('in the way'); return { onBar() {} }; }"),
  'fifth.ts': define(
    'fifth',
    "create({ n }) { if (n === 5) throw new Error('five'); return { onBar() {} }; }",
  ),
  'empty-sweep.ts': define('empty-sweep', 'create() { return { onBar() {} }; }'),
  'empty-sweep.sweep.ts':
    "import { defineSweep } from '@streamscalp/lib';\nexport default defineSweep({ strategy: 'empty-sweep', space: { n: [1, 2] }, where: () => false });",
  'nan.csv': 'date,open,high,low,close\n2020-01-01,1,1,1,1\n2020-01-02,1,1,1,NaN\n',
  'negative.csv': 'date,open,high,low,close\n2020-01-01,1,1,1,1\n2020-01-02,1,1,-1,1\n',
  'empty.csv': '',
};

const WAVE = ['--symbol', 'WAVE', '--venue', 'here'];
const FREE = ['--costs', 'free'];
const SMA = ['backtest', 'sma-cross', ...WAVE, ...FREE];
const file = (name: string) => ['backtest', `FILES/${name}`, ...WAVE, ...FREE];
const bars = (name: string) => ['backtest', 'sma-cross', '--bars', `FILES/${name}`, ...FREE];

const USAGE = 2;
const DATA = 3;
/** What is typed, the status it ends with, and what the message must say: what was found, the bound, what to do. */
const WRONG: readonly (readonly [string, readonly string[], number, readonly string[]])[] = [
  ['no such command', ['bcktest'], USAGE, ["unknown command 'bcktest'"]],
  ['no strategy', ['backtest'], USAGE, ["missing required argument 'strategy'"]],
  ['no such option', [...SMA, '--simbol', 'X'], USAGE, ["unknown option '--simbol'", '--symbol']],
  ['no such parameter', [...SMA, '--param', 'fats=5'], USAGE, ['fats is not', 'fast, slow']],
  ['a parameter that is text', [...SMA, '--param', 'fast=x'], USAGE, ['fast is "x"', 'number']],
  ['a parameter out of bounds', [...SMA, '--param', 'fast=101'], USAGE, ['fast is 101', '<=100']],
  ['a fraction of a bar', [...SMA, '--param', 'fast=1.5'], USAGE, ['fast is 1.5', 'int']],
  ['no value', [...SMA, '--param', 'fast'], USAGE, ['name=value']],
  ['cash that is text', [...SMA, '--cash', 'lots'], USAGE, ["'lots'", 'expected a number']],
  ['no cash', [...SMA, '--cash', '-1'], USAGE, ['cash is -1', 'above 0']],
  ['no leverage', [...SMA, '--leverage', '0'], USAGE, ['leverage is 0', '(0, 125]']],
  ['no such limit', [...SMA, '--limit', 'maxLoss=1'], USAGE, ['maxLoss is not', 'maxDrawdown']],
  ['a limit out of bounds', [...SMA, '--limit', 'maxDrawdown=5'], USAGE, ['is 5', '<1']],
  ['no such fill rule', [...SMA, '--fills', 'hope'], USAGE, ["'hope'", 'through, touch']],
  ['no costs', SMA.slice(0, -2), USAGE, ['no cost model', 'binanceSpot, binanceUsdm', 'free']],
  ['costs unknown', [...SMA, '--costs', 'fre'], USAGE, ['"fre" is not known', 'alpacaUsEquity']],
  ['a fee rate in percent', [...SMA, '--costs', '0.1'], USAGE, ['rate is 0.1', '0.001 for 0.1 %']],
  ['a date that is none', [...SMA, '--from', 'lately'], USAGE, ['"lately"', '2024-03-01']],
  [
    'a range turned round',
    [...SMA, '--from', '2019-06-01', '--to', '2019-05-01'],
    USAGE,
    ['--from 2019-06-01T00:00:00.000Z is not before --to 2019-05-01'],
  ],
  ['a range without bars', [...SMA, '--from', '2031-01-01'], DATA, ['the store has 2019-01-01']],
  ['no history named', ['backtest', 'sma-cross', ...FREE], USAGE, ['--symbol', 'lab data ls']],
  ['an unknown symbol', [...SMA, '--symbol', 'WAV'], DATA, ['of WAV on here', 'WAVE (here, 1d)']],
  ['an unknown venue', [...SMA, '--venue', 'her'], DATA, ['WAVE on her;', 'WAVE (here, 1d)']],
  ['a timeframe without bars', [...SMA, '--timeframe', '1h'], DATA, ['no 1h bars', '(here, 1d)']],
  ['a timeframe that is none', [...SMA, '--timeframe', '1q'], USAGE, ['"1q" is not known', '15m']],
  [
    'a misspelt strategy',
    ['backtest', 'sma-crss', ...FREE],
    USAGE,
    ['"sma-crss" is not in strategies/', 'nearest: sma-cross'],
  ],
  ['no such strategy file', file('gone.ts'), USAGE, ['there is no file', 'gone.ts', 'sma-cross']],
  ['a strategy that does not parse', file('syntax.ts'), DATA, ['syntax.ts:2:', 'compile']],
  [
    'a file without a strategy',
    file('nothing.ts'),
    DATA,
    ['nothing.ts has no strategy', 'default'],
  ],
  ['a file that throws', file('load.ts'), DATA, ['cannot be loaded: no luck', 'load.ts:1']],
  [
    'a create that throws',
    file('create.ts'),
    DATA,
    ['strategy create {"n":1} failed in create: TypeError: no model', 'create.ts:2'],
  ],
  [
    // The 100th bar closes at the start of the 101st day of 2019.
    'a bar that throws',
    file('bar.ts'),
    DATA,
    ['strategy bar {"n":1}', 'closed at 2019-04-11T00:00:00.000Z: RangeError: bar 100', 'bar.ts:4'],
  ],
  ['an order of NaN', file('context.ts'), USAGE, ['strategy context', 'closed at', 'is NaN']],
  ['a text thrown', file('text.ts'), DATA, ['strategy text', 'threw words']],
  ['a create that is async', file('promise.ts'), DATA, ['promise returned a promise', 'onBar(bar']],
  [
    'an onBar that is async',
    file('async.ts'),
    DATA,
    ['onBar of strategy async is async', 'remove'],
  ],
  ['no such CSV', bars('gone.csv'), DATA, ['cannot read', 'gone.csv']],
  [
    'a NaN price',
    bars('nan.csv'),
    DATA,
    ['line 3, column close: found "NaN"', 'correct or remove'],
  ],
  ['a price below 0', bars('negative.csv'), DATA, ['line 3', 'low is -1', 'above 0']],
  ['an empty CSV', bars('empty.csv'), DATA, ['empty.csv is empty', 'expected a header']],
  ['a report in a file', [...SMA, '--report', 'FILES/nan.csv/r.html'], DATA, ['cannot write']],
  [
    'a sweep that leaves nothing',
    ['sweep', 'FILES/empty-sweep.ts', ...WAVE, ...FREE],
    USAGE,
    ['no configs', 'empty-sweep.sweep.ts'],
  ],
  [
    'a sweep in which one config throws',
    ['sweep', 'FILES/fifth.ts', ...WAVE, ...FREE, '--space', 'n=1:9:1'],
    DATA,
    ['strategy fifth {"n":5} failed in create: Error: five', 'fifth.ts:2'],
  ],
  [
    'a sweep out of bounds',
    ['sweep', 'sma-cross', ...WAVE, ...FREE, '--space', 'fast=5,1000'],
    USAGE,
    ['fast is 1000', '<=100'],
  ],
  [
    'a validation with too many folds',
    ['validate', 'sma-cross', ...WAVE, ...FREE, '--space', 'fast=5', '--folds', '50'],
    DATA,
    ['400 days', '50 folds', 'fewer folds'],
  ],
  [
    'a passport in a file',
    ['promote', 'sma-cross', ...WAVE, ...FREE, '--space', 'fast=5', '--out', 'FILES/nan.csv/p'],
    DATA,
    ['cannot write'],
  ],
];

function expectSaid(told: string, says: readonly string[]): void {
  for (const text of says) expect(told).toContain(text);
  expect(told).not.toContain('this is a bug');
  // No frames of ours: they would be noise in what the user can act on.
  expect(told).not.toMatch(/lib\/dist\//);
}

describe('bad input to lab', () => {
  it.each(WRONG)(
    '%s: says so, prints nothing, and exits by its kind',
    async (_, given, status, says) => {
      const words = given.map((word) => word.replace('FILES', files));
      const before = readdirSync(files);
      const plain = await lab(store, ...words);
      expect(plain).toMatchObject({ status, stdout: '' });
      expect(plain.stderr).toMatch(/^(note: .*\n)*error: /);
      expectSaid(plain.stderr, says);
      expect(readdirSync(files)).toEqual(before);
    },
  );

  it.each(WRONG.filter(([what]) => /throws$|costs$|option|onBar|symbol|NaN price/.test(what)))(
    '%s: is one JSON object on stderr with --json',
    async (_, given, status, says) => {
      const words = given.map((word) => word.replace('FILES', files));
      const { stdout, stderr, ...ran } = await lab(store, ...words, '--json');
      expect({ stdout, status: ran.status }).toEqual({ stdout: '', status });
      const { error } = JSON.parse(stderr.replace(/^(note: .*\n)*/, '')) as {
        error: { code: string; message: string };
      };
      expect(['usage', 'params', 'data', 'io']).toContain(error.code);
      expectSaid(error.message, says);
    },
  );

  it('says what the system refused, and not that it is a bug', async () => {
    const nowhere = join(files, 'nan.csv', 'store');
    for (const words of [['data', 'ls'], ['data', 'sample'], bars('good.csv')]) {
      const given = words.map((word) => word.replace('FILES', files));
      const { status, stdout, stderr } = await lab(nowhere, ...given);
      expect({ status, stdout }).toEqual({ status: DATA, stdout: '' });
      expectSaid(stderr, ['ENOTDIR', nowhere, 'check that the path is right']);
    }
  });

  it('names the damaged file of the store', async () => {
    const folder = join(store, 'bars', 'venue=here', 'symbol=WAVE', 'tf=1d', 'year=2019');
    const part = join(folder, 'part.parquet');
    const whole = readFileSync(part);
    writeFileSync(part, whole.subarray(0, whole.length / 2));
    const { status, stdout, stderr } = await lab(store, ...SMA);
    writeFileSync(part, whole);
    expect({ status, stdout }).toEqual({ status: DATA, stdout: '' });
    expectSaid(stderr, [part, 'damaged', 'import the data again']);
    expect(await lab(store, ...SMA)).toMatchObject({ status: 0, stderr: '' });
  });

  it('keeps the report that is there when the new one cannot be made', async () => {
    const report = join(files, 'report.html');
    expect(await lab(store, ...SMA, '--report', report)).toMatchObject({ status: 0 });
    const before = readFileSync(report, 'utf8');
    expect(
      (
        await lab(
          store,
          ...file('bar.ts').map((word) => word.replace('FILES', files)),
          '--report',
          report,
        )
      ).status,
    ).toBe(DATA);
    expect(readFileSync(report, 'utf8')).toBe(before);
  });

  it('counts the run that a strategy ended as a trial', async () => {
    const before = trialIds(store).length;
    await lab(store, ...file('bar.ts').map((word) => word.replace('FILES', files)));
    expect(trialIds(store).length).toBe(before + 1);
  });

  it.each(['backtest', 'sweep'])(
    'keeps what a strategy prints out of the JSON of lab %s',
    async (name) => {
      const words = [name, join(files, 'loud.ts'), ...WAVE, ...FREE, '--json'];
      const { status, stdout, stderr } = await lab(store, ...words);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ strategy: 'loud' });
      expect(stderr).toContain('in the way');
    },
  );
});
