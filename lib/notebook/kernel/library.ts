import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The library as a cell imports it: by name, so that the kernel and the cell hold one copy. */
const LIBRARY = createRequire(import.meta.url).resolve('@streamscalp/lib');

export const LIBRARY_TYPES = LIBRARY.replace(/\.js$/, '.d.ts');

/** Loads what almost every first cell asks for. A failure is for that cell to tell. */
export function preloadLibrary(): void {
  import(pathToFileURL(LIBRARY).href).catch(() => undefined);
}
