import { sep } from 'node:path';
import type ts from 'typescript';

const UNWATCHED: ts.FileWatcher = { close: () => undefined };

/** Files that do not change under a running kernel: it has loaded their code, and new types would be of other code. */
function isSettled(path: string): boolean {
  return path.includes('/node_modules/') || /\/(lib|strategies|live)\/dist\//.test(path);
}

/**
 * The file system as the compiler's watch sees it, in front of tslab's. The user's own modules are watched, so that a
 * cell sees one that was saved a moment ago; hundreds of declarations of packages are not. tslab knows one timer, the
 * one that rebuilds the program; the compiler has a second, of modules that were missing and may have come, which must
 * be an ordinary one.
 */
export function watchedSystem(system: ts.System): ts.System {
  const ordinary = new Set<unknown>();
  const settled = (path: string) => isSettled(path.replaceAll(sep, '/'));
  return Object.assign(Object.create(system) as ts.System, {
    watchFile: (path: string, changed: ts.FileWatcherCallback, ...rest: [number?]) =>
      settled(path) ? UNWATCHED : system.watchFile!(path, changed, ...rest),
    watchDirectory: (path: string, changed: ts.DirectoryWatcherCallback, deep?: boolean) =>
      settled(`${path}/`) ? UNWATCHED : system.watchDirectory!(path, changed, deep),
    setTimeout: (callback: () => void, after: number, name?: string) => {
      if (name !== 'timerToInvalidateFailedLookupResolutions') {
        return system.setTimeout!(callback, after);
      }
      const timer = setTimeout(() => {
        ordinary.delete(timer);
        callback();
      }, after).unref();
      ordinary.add(timer);
      return timer;
    },
    clearTimeout: (timer: NodeJS.Timeout) => {
      if (ordinary.delete(timer)) clearTimeout(timer);
      else system.clearTimeout!(timer);
    },
  });
}
