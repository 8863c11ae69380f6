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
export function pythonOf(
  peer: string,
  say: (text: string) => void,
): Promise<{ python: string } | { missing: string }> {
  const known = found.get(peer) ?? install(peer, say);
  found.set(peer, known);
  return known;
}

/** What does not come once is not asked for again in this run. */
const found = new Map<string, ReturnType<typeof pythonOf>>();

async function install(peer: string, say: (text: string) => void): ReturnType<typeof pythonOf> {
  const folder = join(ENVIRONMENTS, peer);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return { python };
  const { needs, likes } = PACKAGES[peer]!;
  say(`installing ${[...needs, ...likes].join(' and ')} with pip (once)`);
  rmSync(folder, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const get = [...pip, '--timeout', '15', '--retries', '1'];
  try {
    await follow('python3', ['-m', 'venv', folder]);
    await follow(python, [...get, ...needs]);
  } catch (error) {
    return { missing: unreached(error as Error) };
  }
  for (const extra of likes) {
    await follow(python, [...get, extra]).catch((error: Error) =>
      say(`no ${extra}: ${unreached(error)}`),
    );
  }
  writeFileSync(complete, '');
  return { python };
}

function unreached({ message }: Error): string {
  return /connection|timed out|resolution/i.test(message)
    ? `the package index cannot be reached (${message.split('\n').at(-1)})`
    : message.split('\n').at(-1)!;
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
  const sources = ['limit.c', 'limit-replay.c'].map((file) =>
    join(PROJECT_ROOT, 'test/bench/peers', file),
  );
  try {
    await follow('cc', ['-O3', '-march=native', '-o', program, ...sources, '-lm']);
    return { program };
  } catch (error) {
    return { missing: (error as Error).message.split('\n').at(-1)! };
  }
}
