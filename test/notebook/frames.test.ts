import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { columnsOfFrame, frameColumns } from '@streamscalp/lib/notebook/frames';
import { DISPLAY } from '@streamscalp/lib/notebook/mime-bundle';
import { table } from '@streamscalp/lib/notebook/table';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lab-frames-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packages that users may choose and we do not depend on; undefined where npm cannot bring them. */
function fetched(name: string, ...packages: readonly string[]) {
  try {
    const home = join(folder, name);
    execFileSync('mkdir', ['-p', home]);
    writeFileSync(join(home, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries', '0'];
    execFileSync('npm', ['install', ...quiet, ...packages], {
      cwd: home,
      stdio: 'ignore',
      timeout: 60_000,
    });
    return createRequire(join(home, 'package.json'))(name);
  } catch {
    return undefined;
  }
}

const bars = syntheticBars({ seed: 1, startTs: 0, rows: 50 });
const columns = { ...bars, close: bars.close.with(3, Number.NaN) };

const arrow = fetched('apache-arrow', 'apache-arrow@21.2.0');
describe.skipIf(!arrow)('tables of apache-arrow (need npm to bring it)', () => {
  it('take columns and give them back to the last bit', () => {
    const back = columnsOfFrame(arrow.tableFromArrays(columns));
    expect(Object.keys(back)).toEqual(Object.keys(columns));
    expect(back).toEqual(columns);
  });

  it('give NaN for null, numbers for whole ones of 64 bits, and text as it is', async () => {
    const frame = new arrow.Table({
      price: arrow.vectorFromArray([1.5, null]),
      ts: arrow.makeVector(BigInt64Array.of(1_700_000_000_000n, 2n)),
      id: arrow.makeVector(BigInt64Array.of(2n ** 60n, 1n)),
      side: arrow.vectorFromArray(['buy', 'sell']),
    });
    const back = columnsOfFrame(frame);
    expect(back).toEqual({
      price: Float64Array.of(1.5, Number.NaN),
      ts: Float64Array.of(1_700_000_000_000, 2),
      id: [2n ** 60n, 1n],
      side: ['buy', 'sell'],
    });
    const shown = String((await table(back)[DISPLAY]())['text/plain']);
    expect(shown.split('\n')[1]).toBe('1.5\t2023-11-14 22:13:20\t1,152,921,504,606,846,976\tbuy');
  });
});

const native = 'nodejs-polars-linux-x64-gnu@0.26.0';
const polars = fetched('nodejs-polars', 'nodejs-polars@0.26.1', native);
describe.skipIf(!polars)('frames of nodejs-polars (need npm to bring it, on Linux x64)', () => {
  it('take columns and give them back to the last bit', () => {
    expect(columnsOfFrame(polars.DataFrame(frameColumns(columns)))).toEqual(columns);
  });

  it('give NaN for null, moments in milliseconds, and text as it is', () => {
    const frame = polars.DataFrame({
      ...{ price: [1.5, null], at: [new Date(5), new Date(6)], side: ['buy', 'sell'] },
    });
    expect(columnsOfFrame(frame)).toEqual({
      price: Float64Array.of(1.5, Number.NaN),
      at: Float64Array.of(5, 6),
      side: ['buy', 'sell'],
    });
  });

  it('show themselves in a cell: they follow the same convention', () => {
    const shown = polars.DataFrame({ a: [1] })[DISPLAY]();
    expect(String(shown['text/html'])).toContain('<table');
  });
});

it('anything else is refused with what to give', () => {
  expect(() => columnsOfFrame([1, 2])).toThrow(/danfojs or nodejs-polars.*apache-arrow/);
});
