import { runProgram } from '@streamscalp/lib/cli/run-program';
import { Command } from 'commander';
import { paperCommand } from './paper-command.ts';
import { statusCommand } from './status-command.ts';

// Not awaited, so that `require` can load this, in four fifths of the time. It catches what goes wrong.
void runProgram(
  new Command('live')
    .description('trade what passed promotion')
    .addCommand(paperCommand())
    .addCommand(statusCommand())
    .addHelpText(
      'after',
      `
Exit status: 0 done, 1 a bug, 2 wrong usage, 3 bad or missing data, 4 refused, 130 stopped by Ctrl-C.
Start with:  live paper --passport out/sma-cross.passport.json --replay && live status`,
    ),
);
