import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of the operating system that some tests drive, and the Debian package that brings it. */
interface SystemProgram {
  /** Names it goes by on PATH, most wanted first. */
  readonly commands: readonly string[];
  readonly package: string;
}

export type SystemName = 'chromium' | 'redis' | 'classicNotebook';

export const SYSTEM_PROGRAMS: Readonly<Record<SystemName, SystemProgram>> = {
  chromium: {
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
  },
  /** Debian's: the last classic notebook, version 6. */
  classicNotebook: { commands: ['jupyter-notebook'], package: 'jupyter-notebook' },
  redis: { commands: ['redis-server'], package: 'redis-server' },
};

/** Absolute path of the program; undefined when it is not on PATH. */
export function findSystem(name: SystemName): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const command of SYSTEM_PROGRAMS[name].commands) {
      const path = join(folder, command);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder; the search goes on.
      }
    }
  }
  return undefined;
}

/**
 * Declares that a test file needs a program, and says where it is. `npm test` reads the declaration and installs the
 * package where it can. Where the program is missing all the same, a person's run skips the tests by name and a run
 * under `CI=true` fails, because nobody reads the skips of a green build:
 *
 *     const chromium = requireSystem('chromium');
 *     describe.skipIf(!chromium)('report in a browser (needs chromium)', () => { … chromium! … });
 *
 * @returns absolute path of the program, or undefined when the tests must be skipped
 * @throws Error under `CI=true` when the program is missing
 */
export function requireSystem(name: SystemName): string | undefined {
  const path = findSystem(name);
  if (path === undefined && process.env.CI === 'true') {
    throw new Error(
      `these tests need ${name}, which is not on PATH; under CI=true they may not be skipped: ` +
        `apt-get install ${SYSTEM_PROGRAMS[name].package}`,
    );
  }
  return path;
}
