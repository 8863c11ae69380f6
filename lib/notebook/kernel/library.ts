import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The library as a cell imports it: by name, so that the kernel and the cell hold one copy. */
const LIBRARY = require.resolve('@streamscalp/lib');

export const LIBRARY_TYPES = LIBRARY.replace(/\.js$/, '.d.ts');

/**
 * Loads what almost every first cell asks for. At one go, as cells load it: they cannot `require` a module that is half
 * way through an `import()`. A failure is for the cell to tell.
 */
export function preloadLibrary(): void {
  try {
    require(LIBRARY);
  } catch {
    // The cell that asks for it meets the same.
  }
}
