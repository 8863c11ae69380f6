import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The name by which notebooks ask for the kernel. */
export const KERNEL_NAME = 'lab';

/** The file that starts the kernel; it stays where it is through a rebuild. */
const LAUNCHER = fileURLToPath(new URL('../../bin/kernel.mjs', import.meta.url));

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'signal';
  readonly metadata: Record<string, unknown>;
}

/**
 * How the kernel of a project is started. Every path is absolute, because not every front end fills in
 * `{resource_dir}`; the file is therefore made on each machine and not committed.
 */
export function kernelspec(projectRoot: string): Kernelspec {
  return {
    argv: [process.execPath, LAUNCHER, '--root', projectRoot, '--connection', '{connection_file}'],
    display_name: 'TypeScript (lab)',
    language: 'typescript',
    interrupt_mode: 'signal',
    metadata: { debugger: false },
  };
}

/** Writes `<project>/.jupyter/kernels/lab/kernel.json` and nothing outside the project; returns its path. */
export function writeKernelspec(projectRoot: string): string {
  const folder = join(projectRoot, '.jupyter', 'kernels', KERNEL_NAME);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kernel.json');
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(kernelspec(projectRoot), null, 2)}\n`);
  renameSync(temporary, file);
  return file;
}
