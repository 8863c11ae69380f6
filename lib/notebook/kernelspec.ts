import { accessSync, constants, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '../core/errors.ts';

/** The name by which notebooks ask for the kernel. */
export const KERNEL_NAME = 'lab';

/** The name of Deno's kernel, as it is started in the project. */
export const DENO_KERNEL_NAME = 'lab-deno';

/** The file that starts the kernel; it stays where it is through a rebuild. */
const LAUNCHER = fileURLToPath(new URL('../../bin/kernel.mjs', import.meta.url));

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'signal' | 'message';
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

/**
 * How Deno's own kernel is started in a project: quicker to start and to run a cell, but it checks no types, and an
 * interrupt stops a loop and not what is awaited.
 *
 * @param deno absolute path of the program
 */
export function denoKernelspec(projectRoot: string, deno: string): Kernelspec {
  const start = [deno, 'jupyter', '--kernel', '--conn', '{connection_file}'];
  // Cells import packages and read files from the folder the kernel is in, and Deno has no option for it.
  const inRoot = ['/bin/sh', '-c', 'cd "$0" && exec "$@"', projectRoot];
  return {
    argv: process.platform === 'win32' ? start : [...inRoot, ...start],
    display_name: 'TypeScript (Deno)',
    language: 'typescript',
    // A signal would end it.
    interrupt_mode: 'message',
    metadata: {},
  };
}

/** The Deno of the project or on PATH; undefined where there is none. */
export function findDeno(projectRoot: string): string | undefined {
  const folders = [
    join(projectRoot, 'node_modules', '.bin'),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const program = process.platform === 'win32' ? 'deno.exe' : 'deno';
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * The kernel that a notebook asks for; ours for a notebook that names none of the project's.
 *
 * @throws LabError `usage` when it is Deno's, and there is no Deno
 */
export function kernelspecNamed(projectRoot: string, name: unknown): Kernelspec {
  if (name !== DENO_KERNEL_NAME) return kernelspec(projectRoot);
  const deno = findDeno(projectRoot);
  if (deno !== undefined) return denoKernelspec(projectRoot, deno);
  throw new LabError(
    'usage',
    `the notebook asks for the kernel ${DENO_KERNEL_NAME}, and there is no deno on PATH or in node_modules; ` +
      'install it with `npm install --no-save deno@2.9.6`, or choose the kernel TypeScript (lab)',
  );
}

/**
 * Writes `<project>/.jupyter/kernels/lab/kernel.json`, beside it that of Deno's kernel where there is a Deno, and nothing
 * outside the project; returns the path of the first.
 */
export function writeKernelspec(projectRoot: string): string {
  const folder = join(projectRoot, '.jupyter', 'kernels');
  const deno = findDeno(projectRoot);
  if (deno === undefined) rmSync(join(folder, DENO_KERNEL_NAME), { recursive: true, force: true });
  else writeSpec(join(folder, DENO_KERNEL_NAME), denoKernelspec(projectRoot, deno));
  return writeSpec(join(folder, KERNEL_NAME), kernelspec(projectRoot));
}

function writeSpec(folder: string, spec: Kernelspec): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kernel.json');
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(spec, null, 2)}\n`);
  renameSync(temporary, file);
  return file;
}
