import { Console } from 'node:console';
import { Command } from 'commander';
import { exitStatus, isLabError, LabError, type LabErrorCode } from '../core/errors.ts';

/** A command: what it is for, and where the rest of it is, which is loaded only when the command is asked for. */
interface Entry {
  readonly about: string;
  readonly fill: (command: Command) => Promise<void>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  data: {
    about: 'list, import and query the stored history',
    fill: async (command) => (await import('./data.ts')).dataCommand(command),
  },
  backtest: {
    about: 'run a strategy over history and say what it did',
    fill: async (command) => (await import('./backtest.ts')).backtestCommand(command),
  },
  sweep: {
    about: 'try many parameters of a strategy on all cores; every trial is counted',
    fill: async (command) => (await import('./sweep.ts')).sweepCommand(command),
  },
  validate: {
    about: 'walk forward over history and deflate the result by everything that was tried',
    fill: async (command) => (await import('./validate.ts')).validateCommand(command),
  },
  promote: {
    about: 'backtest and validate a strategy, and issue the passport that `live` asks for',
    fill: async (command) => (await import('./promote.ts')).promoteCommand(command),
  },
  notebook: {
    about: 'run notebooks from the command line',
    fill: async (command) => (await import('./notebook.ts')).notebookCommand(command),
  },
};

const program = new Command('lab')
  .description(
    'explore history, backtest strategies, find out whether they are luck, and promote them',
  )
  .addHelpText(
    'after',
    `
Exit status: 0 done, 1 a bug, 2 wrong usage or parameters, 3 bad or missing data, 4 refused, 130 interrupted.
Start with:  lab data sample && lab backtest sma-cross --symbol SPX --venue sample --costs alpacaUsEquity`,
  );
for (const [name, { about, fill }] of Object.entries(COMMANDS)) {
  const command = program.command(name).description(about);
  if (process.argv.includes(name)) await fill(command);
}

const json = process.argv.includes('--json');
// What a strategy prints must not get between the brackets.
if (json) globalThis.console = new Console(process.stderr);

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
