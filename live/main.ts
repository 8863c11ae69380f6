import { exitStatus, isLabError } from '@streamscalp/lib/core/errors';
import { Command } from 'commander';
import { paperCommand } from './paper-command.ts';
import { statusCommand } from './status-command.ts';

const program = new Command('live')
  .description('trade what passed promotion')
  .addCommand(paperCommand())
  .addCommand(statusCommand())
  .addHelpText(
    'after',
    `
Exit status: 0 done, 1 a bug, 2 wrong usage, 3 bad or missing data, 4 refused, 130 stopped by Ctrl-C.
Start with:  live paper --passport out/sma-cross.passport.json --replay && live status`,
  );

/** Commander ends the process itself on wrong usage, with status 1; here that is 2. */
for (const command of [program, ...program.commands]) {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  command.showHelpAfterError('(add --help for the options)');
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = exitStatus(error);
}

/** What to tell: the message of an expected failure, all there is of a bug. */
function describe(error: unknown): string {
  if (!isLabError(error)) {
    return `this is a bug, please report it:\n${error instanceof Error ? error.stack : error}`;
  }
  const { code, message } = error;
  return process.argv.includes('--json')
    ? JSON.stringify({ error: { code, message } })
    : `error: ${message}`;
}
