import { Command } from 'commander';
import { exitStatus, isLabError } from '../core/errors.ts';
import { backtestCommand } from './backtest.ts';
import { dataCommand } from './data.ts';
import { notebookCommand } from './notebook.ts';
import { promoteCommand } from './promote.ts';
import { sweepCommand } from './sweep.ts';
import { validateCommand } from './validate.ts';

const program = new Command('lab')
  .description(
    'explore history, backtest strategies, find out whether they are luck, and promote them',
  )
  .addCommand(dataCommand())
  .addCommand(backtestCommand())
  .addCommand(sweepCommand())
  .addCommand(validateCommand())
  .addCommand(promoteCommand())
  .addCommand(notebookCommand())
  .addHelpText(
    'after',
    `
Exit status: 0 done, 1 a bug, 2 wrong usage or parameters, 3 bad or missing data, 4 refused, 130 interrupted.
Start with:  lab data sample && lab backtest sma-cross --symbol SPX --venue sample --costs alpacaUsEquity`,
  );

/** Commander ends the process itself on wrong usage, with status 1; here that is 2. */
function useExitStatusTwo(command: Command): void {
  command.exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  command.showHelpAfterError('(add --help for the options)');
  for (const child of command.commands) useExitStatusTwo(child);
}

useExitStatusTwo(program);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
try {
  await program.parseAsync();
} catch (error) {
  const json = process.argv.includes('--json');
  if (isLabError(error)) {
    const text = json
      ? JSON.stringify({ error: { code: error.code, message: error.message } })
      : `error: ${error.message}`;
    process.stderr.write(`${text}\n`);
  } else
    process.stderr.write(
      `this is a bug, please report it:\n${error instanceof Error ? error.stack : error}\n`,
    );
  process.exitCode = exitStatus(error);
}
