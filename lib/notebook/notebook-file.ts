import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';

/** Text in a notebook file is a string or a list of lines; inside the program it is a string. */
const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const json = z.record(z.string(), z.unknown());
const bundle = z.record(z.string(), z.unknown()).transform((data) => mapValues(data, joinLines));

const output = z.discriminatedUnion('output_type', [
  z.object({ output_type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text }),
  z.object({ output_type: z.literal('display_data'), data: bundle, metadata: json }),
  z.object({
    output_type: z.literal('execute_result'),
    data: bundle,
    metadata: json,
    execution_count: z.number().nullable(),
  }),
  z.object({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const written = { id: z.string().optional(), metadata: json, source: text };
const codeCell = z.object({
  cell_type: z.literal('code'),
  ...written,
  outputs: z.array(output),
  execution_count: z.number().nullable(),
});
const proseCell = z.object({
  cell_type: z.enum(['markdown', 'raw']),
  ...written,
  attachments: json.optional(),
});
const cell = z.discriminatedUnion('cell_type', [codeCell, proseCell]);

const notebook = z.object({
  cells: z.array(cell),
  metadata: json,
  nbformat: z.literal(4),
  nbformat_minor: z.number(),
});

export type CellOutput = z.infer<typeof output>;
export type Cell = z.infer<typeof cell>;
export type CodeCell = z.infer<typeof codeCell>;
export type Notebook = z.infer<typeof notebook>;

/**
 * Reads a notebook (nbformat 4).
 *
 * @throws LabError `io` when it cannot be read, `data` when it is not a notebook
 */
export function readNotebook(path: string): Notebook {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LabError('io', `notebook ${path} cannot be read; is the path right?`, { cause });
  }
  const parsed = notebook.safeParse(parseJson(source));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  throw new LabError(
    'data',
    `${path} is not a notebook of nbformat 4${where}: ${issue?.message}; was it saved by Jupyter?`,
  );
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** Writes a notebook to a temporary name first, so that a reader never sees half of one. */
export function writeNotebook(path: string, content: Notebook): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, notebookText(content));
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new LabError('io', `notebook ${path} cannot be written`, { cause });
  }
}

/** The bytes Jupyter itself would write: one space of indent, text as lines, keys in order. */
export function notebookText(content: Notebook): string {
  const cells = content.cells.map((one) => ({
    ...one,
    id: one.id ?? randomUUID().slice(0, 8),
    source: splitLines(one.source),
    ...(one.cell_type === 'code' ? { outputs: one.outputs.map(outputLines) } : {}),
  }));
  const minor = Math.max(5, content.nbformat_minor);
  const file = { ...content, cells, nbformat_minor: minor };
  return `${JSON.stringify(file, sortedKeys, 1)}\n`;
}

function outputLines(one: CellOutput): object {
  if (one.output_type === 'stream') return { ...one, text: splitLines(one.text) };
  if (one.output_type === 'error') return one;
  return {
    ...one,
    data: mapValues(one.data, (value, type) =>
      typeof value === 'string' && /^text\/|\+xml$/.test(type) ? splitLines(value) : value,
    ),
  };
}

function joinLines(value: unknown, type: string): unknown {
  const isText = !type.endsWith('json') && Array.isArray(value);
  return isText ? value.join('') : value;
}

function splitLines(value: string): string[] {
  return value === '' ? [] : value.split(/(?<=\n)/);
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown, key: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, change(value, key)]),
  );
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
