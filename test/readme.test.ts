import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_ROOT } from './support/shared-data.ts';

const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8');

it('has ten lines in its README that run as they stand', () => {
  const block = /<!-- test: [^>]*-->\n```js\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(block?.trim().split('\n').length).toBeLessThanOrEqual(12);
  const file = join(PROJECT_ROOT, `readme-${process.pid}.mjs`);
  const store = mkdtempSync(join(tmpdir(), 'lab-readme-'));
  const env = { ...process.env, LAB_STORE: store };
  try {
    execFileSync(process.execPath, ['lib/bin/lab.js', 'data', 'sample'], {
      cwd: PROJECT_ROOT,
      env,
    });
    writeFileSync(file, block!);
    const output = execFileSync(process.execPath, [file], {
      cwd: PROJECT_ROOT,
      env,
      encoding: 'utf8',
    });
    expect(output).toMatch(
      /^69 trades, return [\d.]+ %\nSharpe -?[\d.]+ ± [\d.]+, drawdown [\d.]+ %\n$/,
    );
  } finally {
    rmSync(file, { force: true });
    rmSync(store, { recursive: true, force: true });
  }
});

it('names only folders and commands that exist', () => {
  for (const [, command] of readme.matchAll(/npx lab (\w+)/g)) {
    expect(['data', 'backtest', 'sweep', 'validate', 'promote', 'notebook']).toContain(command);
  }
  for (const [, folder] of readme.matchAll(/^(lib|strategies|live|datasets|notebooks|test)\/ /gm)) {
    expect(() =>
      readFileSync(
        join(
          PROJECT_ROOT,
          folder!,
          folder === 'notebooks'
            ? '01-first-look.ipynb'
            : folder === 'datasets'
              ? 'README.md'
              : 'tsconfig.json',
        ),
      ),
    ).not.toThrow();
  }
});
