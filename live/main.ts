import { exitStatus, isLabError, LabError } from '@streamscalp/lib/core/errors';
import { Command, CommanderError } from 'commander';
import { statusCommand } from './status-command.ts';

const program = new Command('live')
  .description('trade what passed promotion')
  .addHelpText(
    'after',
    `
Exit status: 0 done, 2 wrong usage, 3 data or file trouble, 4 refused, 130 stopped by Ctrl-C, 1 a bug.

Examples:
  live paper --passport sma-cross.passport.json --replay
  live status --watch`,
  )
  .addCommand(statusCommand());

for (const command of [program, ...program.commands]) command.exitOverride().showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : exitStatus(new LabError('usage', error.message));
  } else {
    process.stderr.write(`live: ${describe(error)}\n`);
    process.exitCode = exitStatus(error);
  }
}

/** What to tell: the message of an expected failure, all there is of a bug. */
function describe(error: unknown): string {
  if (isLabError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
