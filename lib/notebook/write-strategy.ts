import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { type LoadedStrategy, loadStrategy } from '../loader/strategy-file.ts';
import { projectRoot } from '../store/location.ts';

export interface WriteStrategyOptions {
  /** Where the file goes, from the root of the project; `strategies` by default, where the commands find it by name. */
  readonly folder?: string;
}

/**
 * Saves the source of a strategy as a TypeScript module and loads it, so that sweeps on all cores, walk forward and
 * promotion can use what was written in a cell. The module is checked by loading it; a file of that name is replaced.
 *
 * @param name of the file without its ending: letters, digits and hyphens
 * @param source a whole module: imports, and `export default defineStrategy({ … })`
 * @throws LabError `usage` for a bad name or a source that is not text, `data` when the module holds no strategy
 */
export async function writeStrategy(
  name: string,
  source: string,
  options: WriteStrategyOptions = {},
): Promise<LoadedStrategy> {
  if (!/^[a-z][a-z0-9-]*$/.test(name) || name === 'index') {
    throw new LabError(
      'usage',
      `strategy name is "${name}"; use small letters, digits and hyphens, such as my-cross`,
    );
  }
  if (typeof source !== 'string') {
    throw new LabError(
      'usage',
      `the source of ${name} is a ${typeof source}; a function or object of a cell cannot be saved, ` +
        'because it may use names of other cells: give the text of a whole module, in backquotes',
    );
  }
  const folder = join(projectRoot(), options.folder ?? 'strategies');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  // Loaded under another name first, so that a source with a mistake replaces nothing.
  const draft = join(folder, `.${name}.${process.pid}.draft.ts`);
  writeFileSync(draft, source.trimStart());
  await loadStrategy(draft).catch((error: unknown) => {
    rmSync(draft, { force: true });
    throw error;
  });
  renameSync(draft, file);
  return loadStrategy(file);
}
