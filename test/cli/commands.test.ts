import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { lab, type Ran, startLab, trialIds } from './lab.ts';

let store: string;
beforeAll(async () => {
  store = mkdtempSync(join(tmpdir(), 'lab-commands-'));
  expect((await lab(store, 'data', 'sample')).status).toBe(0);
});
afterAll(() => rmSync(store, { recursive: true, force: true }));

const SPX = ['--symbol', 'SPX', '--venue', 'sample', '--costs', 'alpacaUsEquity'];
const SYN = ['--symbol', 'SYN/USD', '--venue', 'sample', '--timeframe', '1m', '--costs', 'free'];

const config = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const sweepResult = z.object({
  strategy: z.string(),
  objective: z.string(),
  trials: z.array(
    z.object({
      params: config,
      metrics: z.object({
        sharpe: z.number().nullable(),
        totalReturn: z.number(),
        maxDrawdown: z.number(),
        trades: z.int(),
        fees: z.number(),
      }),
    }),
  ),
  planned: z.int(),
  interrupted: z.boolean(),
  dataHash: z.string().regex(/^[0-9a-f]{64}$/),
});

function sweepOf({ stdout }: Ran): z.infer<typeof sweepResult> {
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/);
  return sweepResult.parse(JSON.parse(stdout));
}

describe('lab --help', () => {
  it.each([
    [[]],
    [['data']],
    [['data', 'ls']],
    [['data', 'import']],
    [['data', 'sql']],
    [['data', 'sample']],
    [['backtest']],
    [['sweep']],
    [['validate']],
    [['promote']],
    [['notebook']],
    [['notebook', 'run']],
  ])('says what %j is for, with options and something to start from', async (words) => {
    const { status, stdout, stderr } = await lab(store, ...words, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(['Usage: lab', ...words].join(' '));
    expect(stdout).toMatch(/(Examples?|Start with|Commands):/);
    if (words.length !== 1 || !['data', 'notebook'].includes(words[0]!)) {
      expect(stdout).toMatch(/^ *(Start with: +)?lab [a-z]+ /m);
    }
  });

  it('loads no engine, database or kernel to say it', async () => {
    const loaded = await lab(store, '--help');
    expect(loaded.status).toBe(0);
    const eager = (file: string) => {
      const source = readFileSync(join(PROJECT_ROOT, 'lib/cli', file), 'utf8');
      return [...source.matchAll(/^import (?!type).* from '([^']+)'/gm)].map(([, from]) => from);
    };
    expect(eager('main.ts')).toEqual(['node:module', 'commander', './run-program.ts']);
    expect(eager('run-program.ts')).toEqual(['node:console', '../core/errors.ts']);
  });
});

describe('lab sweep', () => {
  it('prints every trial, best first, and each is what a backtest of it says', async () => {
    const space = ['--space', 'fast=5,10', '--space', 'slow=40:60:10'];
    const before = trialIds(store).length;
    const result = sweepOf(await lab(store, 'sweep', 'sma-cross', ...SPX, ...space, '--json'));
    expect(result).toMatchObject({ strategy: 'sma-cross', planned: 6, interrupted: false });
    expect(result.trials.length).toBe(6);
    const sharpes = result.trials.map(({ metrics }) => metrics.sharpe);
    expect(sharpes).toEqual(sharpes.toSorted((a, b) => b! - a!));
    expect(trialIds(store).length).toBe(before + 6);

    const { params, metrics } = result.trials[3]!;
    const given = Object.entries(params).flatMap(([name, value]) => [
      '--param',
      `${name}=${value}`,
    ]);
    const alone = await lab(store, 'backtest', 'sma-cross', ...SPX, ...given, '--json');
    const { metrics: whole } = JSON.parse(alone.stdout) as { metrics: typeof metrics };
    const { sharpe, totalReturn, maxDrawdown, trades, fees } = metrics;
    expect(whole).toMatchObject({ sharpe, totalReturn, maxDrawdown, trades, fees });
  });

  it('gives the same whatever the number of threads, and with one config', async () => {
    const words = ['sweep', 'rsi-reversion', ...SPX, '--random', '30', '--seed', '3', '--json'];
    const [one, three] = [
      await lab(store, ...words, '--workers', '1'),
      await lab(store, ...words, '--workers', '3'),
    ];
    expect(three.stdout).toBe(one.stdout);
    const single = await lab(store, 'sweep', 'sma-cross', ...SPX, '--space', 'fast=7', '--json');
    expect(sweepOf(single).trials.map(({ params }) => params)).toEqual([{ fast: 7 }]);
  });

  it('tries what the sweep file beside the strategy says', async () => {
    const { status, stdout } = await lab(store, 'sweep', 'sma-cross', ...SPX, '--top', '3');
    expect(status).toBe(0);
    // 10 fast × 10 slow, without those whose slow is below twice the fast: 5…50 by 5, 20…200 by 20.
    const pairs = Array.from({ length: 10 }, (_, i) => 5 * (i + 1)).flatMap((fast) =>
      Array.from({ length: 10 }, (_, i) => 20 * (i + 1)).filter((slow) => slow >= 2 * fast),
    );
    expect(stdout).toContain(
      `${pairs.length} of ${pairs.length} trials on 5105 bars of SPX, from sma-cross.sweep.ts`,
    );
    expect(stdout.split('\n').filter((line) => /^ +\d+ +\d+ /.test(line)).length).toBe(3);
  });
});

describe('lab validate', () => {
  it('prints one JSON object with folds, out-of-sample numbers and a verdict', async () => {
    const { status, stdout } = await lab(
      store,
      ...['validate', 'sma-cross', ...SPX, '--space', 'fast=5,10,20', '--folds', '4', '--json'],
    );
    expect(status).toBe(0);
    const result = z
      .object({
        strategy: z.literal('sma-cross'),
        folds: z.array(
          z.object({
            train: z.object({ to: z.number() }),
            test: z.object({ from: z.number(), to: z.number() }),
            params: config,
          }),
        ),
        outOfSample: z.object({
          sharpe: z.number(),
          sharpeStdErr: z.number(),
          psr: z.number(),
          n: z.int(),
        }),
        inSample: z.object({ sharpe: z.number(), dsr: z.number() }),
        trials: z.int(),
        verdict: z.enum(['edge not established', 'edge plausible']),
        reasons: z.array(z.string()),
      })
      .parse(JSON.parse(stdout));
    expect(result.folds.length).toBe(4);
    for (const [i, { train, test }] of result.folds.entries()) {
      expect(train.to).toBe(test.from);
      expect(test.from).toBe(result.folds[i - 1]?.test.to ?? test.from);
    }
    // This store has seen sma-cross tried more often than this one time.
    expect(result.trials).toBeGreaterThanOrEqual(3);
  });
});

/** Resolves when the command has said on stderr what matches. */
function said(child: ReturnType<typeof startLab>['process'], pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr!.on('data', (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve();
    });
    child.on('close', () => reject(new Error(`ended without saying ${pattern}: ${text}`)));
  });
}

describe('Ctrl-C', () => {
  it('keeps what a sweep has done, prints it, and exits 130', async () => {
    const words = ['sweep', 'sma-cross', ...SYN, '--random', '2000', '--json'];
    const { process: child, ran } = startLab(store, words);
    await said(child, /sweep of 2000 \d+ %|best Sharpe/);
    child.kill('SIGINT');
    const end = await ran;
    expect(end).toMatchObject({ status: 130, signal: null });
    const { trials, planned, interrupted } = sweepOf(end);
    expect({ planned, interrupted }).toEqual({ planned: 2000, interrupted: true });
    expect(trials.length).toBeGreaterThan(0);
    expect(trials.length).toBeLessThan(planned);
    expect(end.stderr).toContain(`"code":"interrupted"`);
    const statuses = readFileSync(join(store, 'trials.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"type":"end"'))
      .map((line) => (JSON.parse(line) as { status: string }).status);
    expect(statuses.filter((status) => status === 'aborted').length).toBe(planned - trials.length);
  });

  it('ends a backtest from memory, which never waits for anything', async () => {
    const slow = join(store, 'slow.ts');
    // Prints once it is under way, then takes some twenty seconds for the whole history.
    writeFileSync(
      slow,
      `import { defineStrategy, z } from '@streamscalp/lib';
      export default defineStrategy({ name: 'slow', params: z.object({}), create() {
        let bars = 0, x = 0;
        return { onBar() {
          if (bars++ === 0) console.error('under way');
          for (let i = 0; i < 3000; i++) x = Math.sin(x + i);
        } };
      } });`,
    );
    const { process: child, ran } = startLab(store, ['backtest', slow, ...SYN, '--json']);
    await said(child, /under way/);
    child.kill('SIGINT');
    expect(await ran).toMatchObject({ status: 130, stdout: '' });
  });

  it('pressed twice, ends at once', async () => {
    const script = `
      const { interruptible } = await import('@streamscalp/lib/cli/interrupt');
      setInterval(() => {}, 1000);
      await interruptible((signal) => {
        process.stderr.write('waiting');
        return new Promise(() => {});
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: PROJECT_ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.stderr.setEncoding('utf8');
    await said(child, /waiting/);
    child.kill('SIGINT');
    await said(child, /press Ctrl-C again to end at once/);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
  });
});
