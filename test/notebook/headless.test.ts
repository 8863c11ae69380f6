import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failureError, runNotebook } from '@streamscalp/lib/notebook/headless-runner';
import { exportHtml } from '@streamscalp/lib/notebook/html-export';
import { kernelspec, writeKernelspec } from '@streamscalp/lib/notebook/kernelspec';
import { readNotebook, writeNotebook } from '@streamscalp/lib/notebook/notebook-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

const code = (source: string) => ({
  cell_type: 'code',
  metadata: {},
  source: source.split(/(?<=\n)/),
  outputs: [{ output_type: 'stream', name: 'stdout', text: ['stale\n'] }],
  execution_count: 99,
});
const markdown = (source: string) => ({ cell_type: 'markdown', metadata: {}, source });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-notebook-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function notebookFile(name: string, cells: object[]): string {
  const path = join(folder, name);
  const metadata = { kernelspec: { name: 'lab', display_name: 'TypeScript (lab)' } };
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

describe('a headless run', () => {
  it('keeps outputs, numbers and text as Jupyter would write them', async () => {
    const path = notebookFile('ok.ipynb', [
      markdown('# Title'),
      code('const a = 2;\nconsole.log("one"); console.log("two");'),
      code(''),
      code('a + 1'),
    ]);
    const seen: string[] = [];
    const { notebook, failure } = await runNotebook(readNotebook(path), {
      projectRoot: PROJECT_ROOT,
      onCell: ({ number, of, firstLine }) => seen.push(`${number}/${of} ${firstLine}`),
    });
    writeNotebook(path, notebook);
    expect(failure).toBeUndefined();
    expect(seen).toEqual(['1/2 const a = 2;', '2/2 a + 1']);
    const cells = JSON.parse(readFileSync(path, 'utf8')).cells;
    expect(cells[1].outputs).toEqual([
      { name: 'stdout', output_type: 'stream', text: ['one\n', 'two\n'] },
    ]);
    expect(cells[2]).toMatchObject({ outputs: [], execution_count: null });
    expect(cells[3]).toMatchObject({ execution_count: 2, source: ['a + 1'] });
    expect(cells[3].outputs[0]).toMatchObject({
      output_type: 'execute_result',
      execution_count: 2,
      data: { 'text/plain': ['3'] },
    });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('stops at a failing cell and names the notebook, the cell and the error', async () => {
    const path = notebookFile('fails.ipynb', [
      code('1'),
      code('throw new RangeError("no")'),
      code('3'),
    ]);
    const { notebook, failure } = await runNotebook(readNotebook(path), {
      projectRoot: PROJECT_ROOT,
    });
    expect(failure).toMatchObject({ number: 2, ename: 'RangeError', evalue: 'no' });
    expect(failureError(path, failure!).message).toMatch(
      /^fails\.ipynb: code cell 2 failed with RangeError: no\n/,
    );
    expect(notebook.cells[2]).toMatchObject({ outputs: [], execution_count: null });
  });

  it('ends a cell that takes too long', async () => {
    const path = notebookFile('slow.ipynb', [code('await new Promise(() => {})'), code('2')]);
    const { failure } = await runNotebook(readNotebook(path), {
      projectRoot: PROJECT_ROOT,
      cellTimeoutMs: 200,
    });
    expect(failure).toMatchObject({ number: 1, ename: 'Timeout' });
  });

  it('reports a kernel that dies under a cell', async () => {
    const path = notebookFile('dies.ipynb', [code('process.exit(3)')]);
    const { failure } = await runNotebook(readNotebook(path), { projectRoot: PROJECT_ROOT });
    expect(failure).toMatchObject({ ename: 'KernelDied' });
    expect(failure?.evalue).toContain('exit status 3');
  });

  it('replaces a picture that is shown again under its id', async () => {
    const path = notebookFile('display.ipynb', [
      code('import { newDisplay } from "tslab"; const d = newDisplay(); d.text("1"); d.text("2");'),
      code('d.text("3")'),
    ]);
    const { notebook } = await runNotebook(readNotebook(path), { projectRoot: PROJECT_ROOT });
    expect(notebook.cells[0]).toMatchObject({ outputs: [{ data: { 'text/plain': '3' } }] });
    expect(notebook.cells[1]).toMatchObject({ outputs: [] });
  });
});

describe('a notebook file', () => {
  it.each([
    ['is missing', undefined, /cannot be read/],
    ['is not JSON', '{', /is not a notebook/],
    ['has no cells', '{"nbformat": 4}', /is not a notebook of nbformat 4 at cells: /],
  ])('that %s is an error that says so', (_, content, message) => {
    const path = join(folder, 'bad.ipynb');
    rmSync(path, { force: true });
    if (content !== undefined) writeFileSync(path, content);
    expect(() => readNotebook(path)).toThrow(message);
  });
});

describe('the HTML of a notebook', () => {
  it('escapes what people wrote and passes what cells drew', () => {
    const path = notebookFile('page.ipynb', [
      markdown('<script>bad()</script>'),
      {
        ...code('"<script>bad()</script>"'),
        outputs: [
          { output_type: 'stream', name: 'stderr', text: '<script>bad()</script>\u001b[31mred' },
          {
            output_type: 'error',
            ename: 'E',
            evalue: '',
            traceback: ['<script>bad()</script>'],
          },
          { output_type: 'display_data', metadata: {}, data: { 'text/html': '<b>drawn</b>' } },
          {
            output_type: 'display_data',
            metadata: {},
            data: { 'image/svg+xml': '<svg onload="bad()"/>' },
          },
          {
            output_type: 'display_data',
            metadata: {},
            data: { 'text/plain': '<script>bad()</script>' },
          },
        ],
      },
    ]);
    const html = exportHtml(readNotebook(path), '<title>');
    expect(html).not.toMatch(/<script|onload=|<title><title>/);
    expect(html).toContain('bad()&lt;/script&gt;red');
    expect(html.match(/&lt;script&gt;bad\(\)/g)).toHaveLength(5);
    expect(html).toContain('<b>drawn</b>');
    expect(html).toMatch(/<img alt="" src="data:image\/svg\+xml;base64,/);
  });
});

describe('the kernelspec', () => {
  it('is written inside the project, with absolute paths', () => {
    const file = writeKernelspec(folder);
    expect(file).toBe(join(folder, '.jupyter/kernels/lab/kernel.json'));
    const spec = JSON.parse(readFileSync(file, 'utf8'));
    expect(spec).toEqual(kernelspec(folder));
    expect(spec.interrupt_mode).toBe('signal');
    expect(spec.argv[0]).toBe(process.execPath);
    expect(spec.argv[1]).toMatch(/^\/.*\/lib\/bin\/kernel\.mjs$/);
    expect(spec.argv.at(-1)).toBe('{connection_file}');
  });
});
