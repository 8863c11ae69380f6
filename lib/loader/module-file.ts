import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';
import { LabError } from '../core/errors.ts';
import { sha256 } from '../core/fingerprint.ts';
import { projectRoot } from '../store/location.ts';
import { LIST, leanImports } from './lean-imports.ts';

// By `require`: as a module Node would first scan its file for names, which takes longer than running it.
const { build }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');

/** A TypeScript module of the user, compiled. */
export interface ModuleFile {
  /** Where the source is. */
  readonly source: string;
  /** The compiled module, which workers and kernels can import; its name changes when its code does. */
  readonly compiled: string;
  /** SHA-256 over the path and content of the source and of every file it imports by a relative path. */
  readonly codeHash: string;
}

/**
 * Compiles one TypeScript or JavaScript module together with the files it imports; packages stay imports. Takes some
 * twenty milliseconds, and is how a strategy saved a second ago can be run by name.
 *
 * @throws LabError `data` with the compiler's words when the module does not compile
 */
export async function compileModule(source: string): Promise<ModuleFile> {
  const root = projectRoot();
  const directory = join(root, 'node_modules', '.cache', 'streamscalp');
  const result = await build({
    entryPoints: [source],
    bundle: true,
    packages: 'external',
    plugins: [leanImports],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    absWorkingDir: root,
    outdir: directory,
    metafile: true,
    write: false,
    logLevel: 'silent',
  }).catch((cause: Error) => {
    throw new LabError('data', `${source} does not compile: ${cause.message}`, { cause });
  });
  const hash = createHash('sha256');
  const inputs = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith(LIST));
  for (const input of inputs.sort()) {
    const file = resolve(root, input);
    hash.update(`${relative(root, file)}\0${sha256(await readFile(file))}\n`);
  }
  const codeHash = hash.digest('hex');

  const { contents } = result.outputFiles[0]!;
  const name = basename(source).replace(/\.\w+$/, '');
  const compiled = join(directory, `${name}-${sha256(contents).slice(0, 16)}.mjs`);
  if (!existsSync(compiled)) {
    await mkdir(directory, { recursive: true });
    const temporary = `${compiled}.${process.pid}.tmp`;
    await writeFile(temporary, contents);
    await rename(temporary, compiled);
  }
  return { source, compiled, codeHash };
}
