import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();

/** A child that ends with us, also when we are interrupted. */
export function start(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('close', () => running.delete(child));
  child.once('error', () => running.delete(child));
  return child;
}

/** Runs a command to its end. @throws Error with the end of what it wrote to standard error */
export async function follow(command: string, args: readonly string[]): Promise<void> {
  const child = start(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  throw new Error(errors.trim() || `${command} ended with ${code}`);
}

export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}
