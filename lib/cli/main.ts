import { createRequire } from 'node:module';
import { Command } from 'commander';
import { runProgram } from './run-program.ts';

/** A command: what it is for, and where the rest of it is, which is loaded only when the command is asked for. */
interface Entry {
  readonly about: string;
  readonly fill: (command: Command) => void;
}

// By `require`: what a command needs is two hundred modules, which Node then loads in three quarters of the time.
const require = createRequire(import.meta.url);

const COMMANDS: Readonly<Record<string, Entry>> = {
  data: {
    about: 'list, import and query the stored history',
    fill: (command) => (require('./data.js') as typeof import('./data.ts')).dataCommand(command),
  },
  backtest: {
    about: 'run a strategy over history and say what it did',
    fill: (command) =>
      (require('./backtest.js') as typeof import('./backtest.ts')).backtestCommand(command),
  },
  'backtest-book': {
    about: 'run a strategy on a stored order book: latency, queues, and fills from them',
    fill: (command) =>
      (require('./backtest-book.js') as typeof import('./backtest-book.ts')).backtestBookCommand(
        command,
      ),
  },
  audit: {
    about: 'prove by scrambled futures that a strategy does not look ahead',
    fill: (command) => (require('./audit.js') as typeof import('./audit.ts')).auditCommand(command),
  },
  sweep: {
    about: 'try many parameters of a strategy on all cores; every trial is counted',
    fill: (command) => (require('./sweep.js') as typeof import('./sweep.ts')).sweepCommand(command),
  },
  validate: {
    about: 'walk forward over history and deflate the result by everything that was tried',
    fill: (command) =>
      (require('./validate.js') as typeof import('./validate.ts')).validateCommand(command),
  },
  promote: {
    about: 'backtest and validate a strategy, and issue the passport that `live` asks for',
    fill: (command) =>
      (require('./promote.js') as typeof import('./promote.ts')).promoteCommand(command),
  },
  docs: {
    about: 'print what the program means by its codes and states',
    fill: (command) => (require('./docs.js') as typeof import('./docs.ts')).docsCommand(command),
  },
  notebook: {
    about: 'open, make and run notebooks',
    fill: (command) =>
      (require('./notebook.js') as typeof import('./notebook.ts')).notebookCommand(command),
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
  if (process.argv.includes(name)) fill(command);
}

// Not awaited, so that `require` can load this too. It catches what goes wrong.
void runProgram(program);
