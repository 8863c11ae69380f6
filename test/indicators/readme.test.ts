import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as exported from '@streamscalp/lib/indicators/index';
import { expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import type { AnySpec } from './all.ts';

const indicators: Readonly<Record<string, unknown>> = { ...exported };
const readme = readFileSync(join(PROJECT_ROOT, 'lib/indicators/README.md'), 'utf8');

/** What the tables and the list of patterns say of an indicator. */
function documented(): { name: string; args: number[]; lines: string; warmup: number }[] {
  const tables = [
    ...readme.matchAll(/^\| `(\w+)\((.*?)\)` +\| (?:values|bars) +\| (.*?) +\| (\d+)/gm),
  ];
  const patterns = [...readme.matchAll(/`(\w+)` (\d+)(?= ·|\n|$)/g)];
  return [
    ...tables.map(([, name = '', args = '', lines = '', warmup]) => ({
      name,
      args:
        args === ''
          ? []
          : args.split(', ').map((arg) => (arg === 'DAY' ? 86_400_000 : Number(arg))),
      lines: lines === '–' ? 'value' : lines,
      warmup: Number(warmup),
    })),
    ...patterns.map(([, name = '', warmup]) => ({
      name,
      args: [],
      lines: 'value',
      warmup: Number(warmup),
    })),
  ];
}

it('the tables have every indicator once, with the lines and the warm-up it declares', () => {
  const rows = documented();
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(indicators).sort());
  for (const { name, args, lines, warmup } of rows) {
    const spec = (indicators[name] as (...args: number[]) => AnySpec)(...args);
    expect([name, spec.args, spec.lines.join(', '), spec.warmup]).toEqual([
      name,
      args,
      lines,
      warmup,
    ]);
  }
});
