import { Console } from 'node:console';
import type { Command } from 'commander';
import { exitStatus, isLabError, LabError, type LabErrorCode } from '../core/errors.ts';

const json = process.argv.includes('--json');

/**
 * Runs the command line of this process, and ends every way it can go wrong in the same way: a sentence on stderr, with
 * --json one JSON object, and the exit status of the error.
 */
export async function runProgram(program: Command): Promise<void> {
  // What a strategy prints must not get between the brackets.
  if (json) globalThis.console = new Console(process.stderr);
  refuseWrongUsage(program);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await program.parseAsync();
  } catch (thrown) {
    const error = wordSystemError(thrown);
    if (isLabError(error)) printError(error.code, error.message);
    else {
      const told = error instanceof Error ? error.stack : String(error);
      printError('bug', `this is a bug, please report it:\n${told}`);
    }
    process.exitCode = exitStatus(error);
  }
}

/** Commander ends the process itself on wrong usage, with status 1 and a text; here it ends as every error does. */
function refuseWrongUsage(command: Command): void {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  if (json) {
    command.configureOutput({
      outputError: (text) => printError('usage', text.trim().replace(/^error: /, '')),
    });
  } else command.showHelpAfterError('(add --help for the options)');
  for (const child of command.commands) refuseWrongUsage(child);
}

/** What the operating system refuses is no bug of ours, also where nobody foresaw it. */
function wordSystemError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const advice = 'check that the path is right and may be written to, and that the disk has room';
  return new LabError('io', `${error.message}; ${advice}`, { cause: error });
}

/** An error for whoever reads: a person, or with --json a program. */
function printError(code: LabErrorCode | 'bug', message: string): void {
  const text = json ? JSON.stringify({ error: { code, message } }) : `error: ${message}`;
  process.stderr.write(`${text}\n`);
}
