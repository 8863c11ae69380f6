import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE, SECOND } from '@streamscalp/lib/core/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from './support/shared-data.ts';

const isCheckout = existsSync(join(PROJECT_ROOT, '.git'));
const TOO_LONG = 4 * MINUTE;

/*
 * What a newcomer does. The copy has what a commit would have, and so neither node_modules nor anything built; the
 * two commands run one after the other, as they would there.
 */
describe.skipIf(!isCheckout)('a fresh clone (needs git)', () => {
  let clone: string;

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'fresh-clone-'));
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const files = execFileSync('git', list, { cwd: PROJECT_ROOT, encoding: 'utf8' });
    for (const file of new Set(files.split('\0'))) {
      const source = join(PROJECT_ROOT, file);
      if (file !== '' && existsSync(source)) cpSync(source, join(clone, file));
    }
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  it(
    'runs every notebook by `npm start -- --headless` and prints where the pages are',
    async () => {
      expect(readdirSync(clone)).not.toContain('node_modules');
      const { status, output } = await npm(clone, ['start', '--', '--headless']);
      expect(status, output).toBe(0);
      const pages = output.match(/^\s*(\/.*\.html)$/gm)?.map((line) => line.trim()) ?? [];
      const notebooks = readdirSync(join(clone, 'notebooks')).filter((name) =>
        /\.ipynb$/.test(name),
      );
      expect(notebooks.length).toBeGreaterThan(0);
      expect(pages).toHaveLength(notebooks.length);
      for (const page of pages) expect(readFileSync(page, 'utf8')).toMatch(/<\/html>\s*$/);
    },
    TOO_LONG,
  );

  it(
    'ends what `npm start` began when npm alone is interrupted',
    async () => {
      const { status, output } = await npm(clone, ['start', '--', '--headless'], '… running');
      expect(status, output).toBe(130);
      expect(output).toMatch(/ending …\s*$/);
    },
    TOO_LONG,
  );

  it(
    'builds, lints and tests by `npm test`, whose last line is the count',
    async () => {
      const { status, output } = await npm(clone, ['test', '--', 'test/core.test.ts']);
      expect(status, output).toBe(0);
      expect(output).toMatch(/^▸ build$/m);
      expect(output).toMatch(/^▸ lint$/m);
      expect(output.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/);
    },
    TOO_LONG,
  );
});

/**
 * Runs npm as a person would, without what the npm that runs these tests has set; ends it with all it started.
 *
 * @param stopAt what, once printed, has npm interrupted: npm alone, not the group it leads
 */
async function npm(cwd: string, args: readonly string[], stopAt?: string) {
  const inherited = Object.entries(process.env);
  const env = Object.fromEntries(
    inherited.filter(([name]) => !/^(npm_|INIT_CWD|VITEST|NODE_ENV|LAB_)/.test(name)),
  );
  const child = spawn('npm', args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (stopAt !== undefined && output.includes(stopAt) && !child.killed) child.kill('SIGINT');
    });
  }
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), TOO_LONG - 10 * SECOND);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { status, output };
}
