import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE } from '@streamscalp/lib/core/time';
import * as exported from '@streamscalp/lib/indicators/index';
import { allocateBars, type BarColumns } from '@streamscalp/lib/market/bar';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { type AnySpec, batched } from './all.ts';

/** The functions by their names: looked up, for each case names its own. */
const indicators: Readonly<Record<string, unknown>> = { ...exported };

/* What other programs say about the same bars; test/golden/indicators/make.py names them and has the command. */

interface Golden {
  readonly name: string;
  readonly args: readonly number[];
  readonly line: string;
  readonly program: string;
  /**
   * `own`: it starts its recursion in another way, so only what follows the warm-up can agree. `pattern`: the rows are
   * all those that are not 0.
   */
  readonly start: 'same' | 'own' | 'pattern';
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

const BAR = 30 * MINUTE;
const folder = join(PROJECT_ROOT, 'test/golden/indicators');
const cases: readonly Golden[] = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'));
const patterns = cases.filter(({ start }) => start === 'pattern');
const series = cases.filter(({ start }) => start !== 'pattern');
const bars = readBars();

function readBars(): BarColumns {
  const [, ...rows] = readFileSync(join(folder, 'bars.csv'), 'utf8').trim().split('\n');
  const read = allocateBars(rows.length);
  rows.forEach((text, row) => {
    const [open, high, low, close, volume] = text.split(',').map(Number);
    Object.entries({ open, high, low, close, volume }).forEach(([name, value]) => {
      read[name as keyof BarColumns][row] = value!;
    });
    read.openTs[row] = row * BAR;
    read.closeTs[row] = (row + 1) * BAR;
  });
  return read;
}

const declare = ({ name, args }: Golden) =>
  (indicators[name] as (...args: readonly number[]) => AnySpec)(...args);

describe('other programs agree', () => {
  it.each(patterns)('on every candle that is a $name: $program', (golden) => {
    const [line] = batched(declare(golden), bars, []);
    const found = [...line!.entries()].filter(([, value]) => value !== 0 && !Number.isNaN(value));
    expect(found).toEqual(golden.rows.map((row, i) => [row, golden.values[i]]));
    expect(found.length).toBeGreaterThan(0);
  });

  it.each(series)('on $name($args) $line: $program', (golden) => {
    const spec = declare(golden);
    const line = batched(spec, bars, [])[spec.lines.indexOf(golden.line)]!;
    // A path that never forgets its start is met by row 600; the others have forgotten theirs by then.
    const from = golden.start === 'own' ? Math.max(spec.warmup, 600) : 0;
    const tolerance = golden.start === 'own' ? 1e-6 : 1e-9;
    const scale = Math.max(...line.filter(Number.isFinite).map(Math.abs));
    const compared = golden.rows.map((row, i) => ({ row, expected: golden.values[i]! }));
    const wrong = compared
      .filter(({ row }) => row >= from)
      .map(({ row, expected }) => ({ row, expected, found: line[row]! }))
      .filter(({ expected, found }) => !(Math.abs(found - expected) <= tolerance * scale));
    expect(wrong).toEqual([]);
    expect(golden.rows.at(-1)).toBeGreaterThan(from);
  });

  it('about every indicator', () => {
    const held = new Set(cases.map(({ name }) => name));
    expect(Object.keys(indicators).filter((name) => !held.has(name))).toEqual([]);
  });
});
