import type { Command } from 'commander';
import { RISK_CODES } from '../risk/codes.ts';
import { TRADING_STATE_RULES, TRADING_STATES, TRADING_TRANSITIONS } from '../risk/trading-state.ts';
import { printJson, printTable } from './output.ts';

/** `lab docs`: pages printed from the tables the program itself runs by. */
export function docsCommand(command: Command): void {
  command
    .command('risk')
    .description('every code of the risk module, and the states of trading')
    .option('--json', 'print them as one JSON object')
    .addHelpText(
      'after',
      `
Example:
  lab docs risk --json`,
    )
    .action((options: { readonly json?: true }) => risk(options.json === true));
}

function risk(json: boolean): void {
  const codes = Object.entries(RISK_CODES).map(([code, entry]) => ({ code, ...entry }));
  const states = TRADING_STATES.map((state) => ({
    state,
    ...TRADING_STATE_RULES[state],
    next: TRADING_TRANSITIONS[state],
  }));
  if (json) {
    printJson({ codes, states });
    return;
  }
  printTable(
    ['code', 'limit', 'unit', 'when', 'what to do', 'leads to'],
    codes.map(({ code, limits, unit, when, todo, leadsTo }) => [
      code,
      limits.join(', '),
      unit,
      when,
      todo,
      leadsTo,
    ]),
  );
  process.stdout.write('\n');
  printTable(
    ['state', 'permits', 'on entering', 'next'],
    states.map(({ state, permits, entering, next }) => [state, permits, entering, next.join(', ')]),
  );
}
