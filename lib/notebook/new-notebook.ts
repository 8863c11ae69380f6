import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { type Cell, readNotebook, writeNotebook } from './notebook-file.ts';

/** The numbered notebook that new ones are copied from; the tests run it as they run the others. */
const TEMPLATE = '11-template.ipynb';

const QUESTION =
  'What do you expect, and why should anybody be paying you for it? Write it down **before** running anything.';

/**
 * Makes a notebook in the project's `notebooks` folder: the cells of the template without their outputs, under a title
 * of its own.
 *
 * @param name of the file, with or without `.ipynb`; letters, digits, hyphens and underscores
 * @returns its path
 * @throws LabError `usage` for a bad name, or when there is one of that name: nothing is overwritten
 */
export function newNotebook(projectRoot: string, name: string): string {
  const plain = name.replace(/\.ipynb$/, '');
  if (!/^\w[\w-]*$/.test(plain)) {
    throw new LabError(
      'usage',
      `notebook name is "${name}"; use letters, digits, hyphens and underscores, such as my-idea`,
    );
  }
  const folder = join(projectRoot, 'notebooks');
  const path = join(folder, `${plain}.ipynb`);
  if (existsSync(path)) {
    throw new LabError('usage', `${path} exists; give another name, or move it away first`);
  }
  const template = readNotebook(join(folder, TEMPLATE));
  const words = plain.replaceAll(/[-_]+/g, ' ').trim();
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const [, ...cells] = template.cells.map(fresh);
  writeNotebook(path, { ...template, cells: [opening(title), ...cells] });
  return path;
}

function opening(title: string): Cell {
  return { cell_type: 'markdown', metadata: {}, source: `# ${title}\n\n${QUESTION}` };
}

/** As nobody has run it yet, and with a name of its own. */
function fresh({ id: _, ...cell }: Cell): Cell {
  return cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell;
}
