import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../core/fingerprint.ts';

/** A compiled module, and everything that it follows from. All paths are absolute. */
interface Made {
  readonly compiled: string;
  /** The files that were compiled into it. */
  readonly inputs: readonly string[];
  /** Files that decide how. */
  readonly rules: readonly string[];
}

const schema = z.object({
  compiled: z.string(),
  inputs: z.array(z.string()).min(1),
  rules: z.array(z.string()),
  state: z.string(),
});

/**
 * What a module was compiled from, written beside it: while every file of that has the content it had, compiling again
 * would give the same. A record that is damaged or whose files have changed says nothing, and is made anew.
 */
export class CompileRecord {
  readonly #file: string;

  constructor(directory: string, source: string) {
    const name = basename(source).replace(/\.\w+$/, '');
    this.#file = join(directory, `${name}-${sha256(source).slice(0, 16)}.json`);
  }

  /** Undefined where the module has to be compiled. */
  read(): Made | undefined {
    try {
      const { state, ...made } = schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return state === stateOf(made) ? made : undefined;
    } catch {
      return undefined;
    }
  }

  /** Does nothing where the directory cannot be written to: then it is compiled again the next time. */
  write(made: Made): void {
    const temporary = `${this.#file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(temporary, JSON.stringify({ ...made, state: stateOf(made) }));
      renameSync(temporary, this.#file);
    } catch {
      // As told above.
    }
  }
}

/** SHA-256 over the content of all files, those that are not there included. */
function stateOf({ compiled, inputs, rules }: Made): string {
  const files = [compiled, ...inputs, ...rules, ...inputs.flatMap(configsAbove)];
  return sha256(files.map((file) => `${file}\0${contentOf(file)}\n`).join(''));
}

/** The SHA-256 of a file; empty where there is none. */
export function contentOf(file: string): string {
  return existsSync(file) ? sha256(readFileSync(file)) : '';
}

/** Where the compiler looks for settings of a file. */
function configsAbove(file: string): string[] {
  const found: string[] = [];
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    found.push(join(directory, 'tsconfig.json'));
    if (directory === dirname(directory)) return found;
  }
}
