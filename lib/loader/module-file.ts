import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildResult } from 'esbuild';
import { LabError } from '../core/errors.ts';
import { sha256 } from '../core/fingerprint.ts';
import { projectRoot } from '../store/location.ts';
import { CompileRecord, contentOf } from './compile-record.ts';
import { LIST, leanImports } from './lean-imports.ts';

const require = createRequire(import.meta.url);

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
 * Compiles one TypeScript or JavaScript module together with the files it imports; packages stay imports. It is how a
 * strategy saved a second ago can be run by name. What was compiled before and has not changed since is found in a
 * millisecond; starting the compiler takes a hundred.
 *
 * @throws LabError `data` with the compiler's words when the module does not compile
 */
export async function compileModule(source: string): Promise<ModuleFile> {
  const root = projectRoot();
  const directory = join(root, 'node_modules', '.cache', 'streamscalp');
  const record = new CompileRecord(directory, source);
  const known = record.read();
  if (known)
    return { source, compiled: known.compiled, codeHash: await hashOf(root, known.inputs) };
  const result = await build(source, root, directory);
  const inputs = inputsOf(result)
    .filter((input) => !input.startsWith(LIST))
    .sort()
    .map((input) => resolve(root, input));
  const codeHash = await hashOf(root, inputs);

  const { contents } = result.outputFiles[0]!;
  const name = basename(source).replace(/\.\w+$/, '');
  const compiled = join(directory, `${name}-${sha256(contents).slice(0, 16)}.mjs`);
  if (contentOf(compiled) !== sha256(contents)) {
    await mkdir(directory, { recursive: true });
    const temporary = `${compiled}.${process.pid}.tmp`;
    await writeFile(temporary, contents);
    await rename(temporary, compiled);
  }
  if (isFound(result)) record.write({ compiled, inputs, rules: rulesOf(result) });
  return { source, compiled, codeHash };
}

type Compiled = BuildResult<{ metafile: true; write: false }>;

function build(source: string, root: string, directory: string): Promise<Compiled> {
  // By `require`: as a module Node would first scan its file for names, which takes longer than running it.
  const esbuild: typeof import('esbuild') = require('esbuild');
  return esbuild
    .build({
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
    })
    .catch((cause: Error) => {
      throw new LabError('data', `${source} does not compile: ${cause.message}`, { cause });
    });
}

const inputsOf = ({ metafile }: Compiled) => Object.keys(metafile.inputs);

async function hashOf(root: string, inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of inputs) {
    hash.update(`${relative(root, file)}\0${sha256(await readFile(file))}\n`);
  }
  return hash.digest('hex');
}

/** Files beside the inputs that decide what comes out: the library's lists, and the compiler and how it is asked. */
function rulesOf(result: Compiled): string[] {
  const lists = inputsOf(result)
    .filter((input) => input.startsWith(LIST))
    .map((input) => input.slice(LIST.length));
  const own = ['./module-file.js', './lean-imports.js'].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  );
  return [...lists, ...own, require.resolve('esbuild/package.json')];
}

/** Whether each relative import names its file in full: a shorter one could mean another file tomorrow. */
function isFound({ metafile }: Compiled): boolean {
  return Object.entries(metafile.inputs).every(
    ([input, { imports }]) =>
      input.startsWith(LIST) ||
      imports.every(
        ({ original = '', path }) =>
          !original.startsWith('.') || basename(original) === basename(path),
      ),
  );
}
