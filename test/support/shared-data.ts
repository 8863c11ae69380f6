import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the project, whether this file runs as source or from `test/dist`. */
export const PROJECT_ROOT = fileURLToPath(
  new URL(import.meta.url.includes('/test/dist/') ? '../../../' : '../../', import.meta.url),
);

const ROOT = new URL('../shared/data/', `file://${PROJECT_ROOT}`);

/** Absolute path of a file in the collection of real market data that may lie beside the project. */
export function sharedData(path: string): string {
  return fileURLToPath(new URL(path, ROOT));
}

/** False in a clone that lies alone; tests of real data are then skipped by name. */
export const hasSharedData = existsSync(ROOT);
