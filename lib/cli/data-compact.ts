import type { Command } from 'commander';
import { openStore } from '../store/store.ts';
import { printJson } from './output.ts';

/** `lab data compact`: the many small parts of a recorder become one file a day. */
export function addCompactCommand(command: Command): void {
  command
    .command('compact')
    .description('merge the parts that recorders added into one file a day or year')
    .option('--json', 'print one JSON object { parts }')
    .addHelpText('after', '\nExample:\n  lab data compact')
    .action((options: { readonly json?: true }) => run(options));
}

async function run({ json }: { readonly json?: true }): Promise<void> {
  const store = await openStore();
  try {
    const parts = await store.compactAll();
    if (json) printJson({ parts });
    else process.stdout.write(`${parts} parts went into others\n`);
  } finally {
    store.close();
  }
}
