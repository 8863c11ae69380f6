import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { newTrialId } from '@streamscalp/lib/store/trial-id';
import { openTrials, type TrialStart } from '@streamscalp/lib/store/trials';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { scratchDirectory } from './scratch.ts';

const start = (family: string, fast = 10): TrialStart => ({
  family,
  kind: 'backtest',
  params: { fast },
  codeHash: 'c0de',
  dataHash: 'da7a',
  costs: 'free',
});

describe('the trial ledger', () => {
  it('is empty before the first trial', () => {
    expect(openTrials(scratchDirectory()).list()).toEqual({ trials: [], unreadable: 0 });
  });

  it('counts every trial of a family that began, however it ended', () => {
    const trials = openTrials(scratchDirectory());
    trials.end(trials.begin(start('a', 1)), { status: 'done', sharpe: 1.25, n: 250 });
    trials.end(trials.begin(start('a', 2)), { status: 'failed', sharpe: Number.NaN });
    trials.end(trials.begin(start('a', 3)), { status: 'aborted', detail: { reason: 'Ctrl-C' } });
    trials.begin(start('a', 4));
    trials.begin(start('b'));
    expect([trials.count('a'), trials.count('b'), trials.count('c')]).toEqual([4, 1, 0]);
    expect(trials.list({ family: 'a' }).trials).toMatchObject([
      { params: { fast: 1 }, status: 'done', sharpe: 1.25, n: 250 },
      { params: { fast: 2 }, status: 'failed', sharpe: Number.NaN, n: 0 },
      { params: { fast: 3 }, status: 'aborted', result: { reason: 'Ctrl-C' } },
      { params: { fast: 4 }, status: 'open', endedTs: Number.NaN },
    ]);
  });

  it('takes a sweep of thousands in one write, in order', () => {
    const trials = openTrials(scratchDirectory());
    const ids = trials.beginAll(Array.from({ length: 5000 }, (_, i) => start('sweep', i)));
    trials.endAll(ids.map((id, i) => ({ id, status: 'done', sharpe: i / 1000, n: 100 })));
    const list = trials.list({ family: 'sweep' }).trials;
    expect(list.map(({ id }) => id)).toEqual(ids);
    expect(list[4999]).toMatchObject({ params: { fast: 4999 }, sharpe: 4.999, status: 'done' });
  });

  it('loses only the line that a kill tore, and heals with the next one', () => {
    const trials = openTrials(scratchDirectory());
    trials.begin(start('a', 1));
    trials.begin(start('a', 2));
    const whole = readFileSync(trials.path, 'utf8');
    for (const cut of [1, 20, whole.trimEnd().lastIndexOf('\n') - 5]) {
      const before = trials.list();
      appendFileSync(trials.path, whole.trimEnd().slice(-cut)); // a line without its beginning and its end
      expect(trials.list().trials).toEqual(before.trials);
      trials.begin(start('a', 3));
      expect(trials.count('a')).toBe(before.trials.length + 1);
      expect(trials.list().unreadable).toBe(before.unreadable + 1);
    }
  });

  it('counts lines that are JSON and no trial as unreadable', () => {
    const trials = openTrials(scratchDirectory());
    trials.begin(start('a'));
    appendFileSync(trials.path, '{"type":"begin","id":7}\n[]\nnull\n\n');
    expect(trials.list()).toMatchObject({ trials: [{ family: 'a' }], unreadable: 3 });
  });

  it('keeps the lines of several processes apart', { timeout: 60_000 }, async () => {
    const root = scratchDirectory();
    const program = `
      import { openTrials } from '@streamscalp/lib/store/trials';
      const [root, start] = JSON.parse(process.argv[1]);
      const trials = openTrials(root);
      for (let i = 0; i < 100; i++) trials.begin(start);
      const ids = trials.beginAll(Array.from({ length: 1000 }, () => start));
      trials.endAll(ids.map((id) => ({ id, status: 'done', sharpe: 1, n: 1 })));`;
    const children = ['a', 'b', 'c', 'd'].map((family) =>
      spawn(
        process.execPath,
        ['--input-type=module', '-e', program, JSON.stringify([root, start(family)])],
        { cwd: PROJECT_ROOT, stdio: 'inherit' },
      ),
    );
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits).toEqual(children.map(() => [0, null]));
    const trials = openTrials(root);
    for (const family of ['a', 'b', 'c', 'd']) {
      const list = trials.list({ family });
      expect([list.trials.length, list.unreadable]).toEqual([1100, 0]);
      expect(list.trials.filter(({ status }) => status === 'done').length).toBe(1000);
    }
  });
});

describe('trial ids', () => {
  it('are unique, of one length, and ascend as text', () => {
    const ids = Array.from({ length: 20_000 }, newTrialId);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});
