import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './children.ts';

/** How a contender's process is started. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** A process that does the work when told to; see serve.ts. */
export class Contender {
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #errors: () => string;
  #peakMbOfRuns: number | undefined;

  private constructor(
    child: ChildProcess,
    answers: AsyncIterator<string>,
    errors: () => string,
    version: string,
  ) {
    this.#child = child;
    this.#answers = answers;
    this.#errors = errors;
    this.version = version;
  }

  /** @throws Error with the end of what it wrote to standard error, when it does not get ready */
  static async start({ command, args }: Command, env: NodeJS.ProcessEnv): Promise<Contender> {
    const child = start(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
    // It may be gone when it is told to do something; that it gave no answer says so.
    child.stdin!.on('error', () => {});
    const errors = () => {
      const lines = said.trim().split('\n');
      return lines.findLast((line) => /Error\b/.test(line)) ?? lines.at(-1)!;
    };
    const answers = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const { version } = (await answer(answers, errors)) as { version: string };
    return new Contender(child, answers, errors, version);
  }

  /** Seconds of one run. */
  async run(): Promise<number> {
    this.#child.stdin!.write('run\n');
    const told = (await answer(this.#answers, this.#errors)) as Run;
    this.#peakMbOfRuns = told.peakMb ?? undefined;
    return told.seconds;
  }

  /** Writes what it did into the folder. */
  async prove(folder: string): Promise<void> {
    this.#child.stdin!.write(`prove ${folder}\n`);
    await answer(this.#answers, this.#errors);
  }

  /** Most memory it ever held, in MB; undefined where the system does not tell. */
  peakMb(): number | undefined {
    if (this.#peakMbOfRuns !== undefined) return this.#peakMbOfRuns;
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1024;
    } catch {
      return undefined;
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}

interface Run {
  readonly seconds: number;
  readonly peakMb?: number | null;
}

/** Far beyond the slowest run, so that a contender that hangs is named instead of waited for. */
const PATIENCE_MILLIS = 600_000;

async function answer(answers: AsyncIterator<string>, errors: () => string): Promise<unknown> {
  const hung = new AbortController();
  const patience = sleep(PATIENCE_MILLIS, { value: '', done: true }, { signal: hung.signal });
  patience.catch(() => {});
  for (;;) {
    const { value, done } = await Promise.race([answers.next(), patience]);
    if (value.startsWith('=> ')) hung.abort();
    if (done) throw new Error(errors() || 'it ended, or gave no answer in ten minutes');
    if (value.startsWith('=> ')) return JSON.parse(value.slice(3));
  }
}
