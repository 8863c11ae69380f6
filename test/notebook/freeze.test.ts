import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { candles } from '@streamscalp/lib/notebook/candles';
import { firstDifference } from '@streamscalp/lib/notebook/freeze';
import { DISPLAY } from '@streamscalp/lib/notebook/mime-bundle';
import {
  type CodeCell,
  type Notebook,
  writeNotebook,
} from '@streamscalp/lib/notebook/notebook-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

const cell = (source: string, shown: string | undefined, tags: string[] = []): CodeCell => ({
  cell_type: 'code',
  metadata: { tags },
  source,
  execution_count: 7,
  outputs:
    shown === undefined
      ? []
      : [
          {
            output_type: 'execute_result',
            execution_count: 7,
            metadata: {},
            data: { 'text/plain': shown },
          },
        ],
});
const book = (...cells: CodeCell[]): Notebook => ({
  cells,
  metadata: { kernelspec: { name: 'lab', display_name: 'TypeScript (lab)' } },
  nbformat: 4,
  nbformat_minor: 5,
});

describe('the first difference', () => {
  const kept = book(cell('let a = 1', undefined), cell('', undefined), cell('a', '1'));

  it('is none between equal outputs, whatever the numbers of the runs', () => {
    const clean = book(cell('let a = 1', undefined), cell('', undefined), cell('a', '1'));
    (clean.cells[2] as CodeCell).execution_count = 2;
    expect(firstDifference(kept, clean)).toBeUndefined();
  });

  it('is none where only the program in the page of a chart is another', async () => {
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: 30 });
    const page = String((await candles(bars)[DISPLAY]())['text/html']);
    const other = page.replace(/(decode\(await unpack\(&#39;)[\w+/=]{1000,}/, '$1H4sI');
    expect(other.length).toBeLessThan(page.length);
    const shows = (markup: string) => {
      const output = { output_type: 'display_data', metadata: {}, data: { 'text/html': markup } };
      return book({
        ...cell('candles(bars)', undefined),
        outputs: [output] as CodeCell['outputs'],
      });
    };
    expect(firstDifference(shows(page), shows(other))).toBeUndefined();
    const otherData = String((await candles(bars, { title: 'x' })[DISPLAY]())['text/html']);
    expect(firstDifference(shows(page), shows(otherData))).toMatchObject({ cell: 1 });
  });

  it('names the cell among those that hold code, and both outputs', () => {
    const clean = book(cell('let a = 1', undefined), cell('', undefined), cell('a', '2'));
    expect(firstDifference(kept, clean)).toMatchObject({
      cell: 2,
      firstLine: 'a',
      what: expect.stringMatching(/^output 1 was "1" \(\w{8}\), and now is "2" \(\w{8}\)$/),
    });
  });

  it('sees an output that is gone, and one that is new', () => {
    const more = book(cell('x', '1'));
    const none = book(cell('x', undefined));
    expect(firstDifference(more, none)?.what).toMatch(/and now is not there$/);
    expect(firstDifference(none, more)?.what).toMatch(/^output 1 was not there/);
  });

  it('leaves out cells tagged volatile', () => {
    const at = (shown: string) => book(cell('Date.now()', shown, ['volatile']));
    expect(firstDifference(at('1'), at('2'))).toBeUndefined();
  });
});

describe('lab notebook freeze', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-freeze-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const freeze = (name: string, notebook: Notebook) => {
    const file = join(folder, name);
    writeNotebook(file, notebook);
    const before = readFileSync(file, 'utf8');
    const ran = spawnSync(process.execPath, ['lib/bin/lab.js', 'notebook', 'freeze', file], {
      cwd: PROJECT_ROOT,
      // Nothing of Python's is needed, and nothing else that a PATH could lead to.
      env: { ...process.env, PATH: folder },
      encoding: 'utf8',
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
    return ran;
  };

  it('passes a notebook that shows what its code gives, and writes nothing', () => {
    const { status, stdout } = freeze(
      'same.ipynb',
      book(cell('let a = 1;', undefined), cell('a + 1', '2')),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/2 cells show what their code gives/);
  });

  it('refuses one whose cells were run in another order, and names the first that differs', () => {
    const stale = book(cell('let a = 1;', undefined), cell('a + 1', '6'), cell('a = 5;', '5'));
    const { status, stderr } = freeze('stale.ipynb', stale);
    expect(status).toBe(3);
    expect(stderr).toMatch(/stale\.ipynb: code cell 2 \(a \+ 1\) does not show .* was "6"/);
  });
});
