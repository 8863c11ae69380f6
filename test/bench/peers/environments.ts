import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../support/shared-data.ts';
import { follow } from './children.ts';

/** Where each peer has a Python environment of its own, since what they need of numpy and pandas excludes each other. */
export const ENVIRONMENTS = join(PROJECT_ROOT, 'node_modules/.cache/peers');

/** What pip installs for each peer, without which it may do. */
const PACKAGES: Readonly<Record<string, { needs: readonly string[]; likes: readonly string[] }>> = {
  vectorbt: { needs: ['vectorbt'], likes: ['vectorbt-rust'] },
  backtesting: { needs: ['backtesting'], likes: [] },
  backtrader: { needs: ['backtrader', 'numpy', 'pandas'], likes: [] },
  hftbacktest: { needs: ['hftbacktest'], likes: [] },
  nautilus_trader: { needs: ['nautilus_trader'], likes: [] },
};

/**
 * The Python of a peer's environment, which is made with the newest version when it is not there.
 *
 * @returns `python`, or why there is none
 */
export async function pythonOf(
  peer: string,
  say: (text: string) => void,
): Promise<{ python: string } | { missing: string }> {
  const folder = join(ENVIRONMENTS, peer);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { python };
  const { needs, likes } = PACKAGES[peer]!;
  say(`installing ${[...needs, ...likes].join(' and ')} with pip (once)`);
  rmSync(folder, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const install = [...pip, '--timeout', '15', '--retries', '1'];
  try {
    await follow('python3', ['-m', 'venv', folder]);
    await follow(python, [...install, ...needs]);
  } catch (error) {
    return { missing: (error as Error).message };
  }
  for (const extra of likes) {
    await follow(python, [...install, extra]).catch((error: Error) =>
      say(`no ${extra}: ${error.message}`),
    );
  }
  writeFileSync(complete, '');
  return { python };
}

/** True when the environment can import the module. */
export function canImport(python: string, module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`]).status === 0;
}

/**
 * The C loop, compiled for this processor.
 *
 * @returns `program`, or why there is none
 */
export async function compileLimit(
  folder: string,
): Promise<{ program: string } | { missing: string }> {
  const program = join(folder, 'limit');
  const source = join(PROJECT_ROOT, 'test/bench/peers/limit.c');
  try {
    await follow('cc', ['-O3', '-march=native', '-o', program, source, '-lm']);
    return { program };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}
