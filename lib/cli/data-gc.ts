import type { Command } from 'commander';
import { deleteGarbage, findGarbage } from '../store/garbage.ts';
import { directoryRoot } from '../store/location.ts';
import { printJson, printTable } from './output.ts';

interface GcOptions {
  readonly forget: readonly string[];
  readonly delete?: true;
  readonly json?: true;
}

/** `lab data gc`: old versions of files that no trial and no passport needs. */
export function addGcCommand(command: Command): void {
  command
    .command('gc')
    .description('show what no trial, passport or snapshot needs; --delete removes it')
    .option('--delete', 'delete what is shown')
    .option(
      '--forget <id>',
      'a requested snapshot that is no longer wanted, repeatable',
      (id: string, before: readonly string[]) => [...before, id],
      [],
    )
    .option('--json', 'print one JSON object { bytes, deleted, garbage }')
    .addHelpText('after', '\nExample:\n  lab data gc --delete')
    .action((options: GcOptions) => run(options));
}

function run(options: GcOptions): void {
  const garbage = findGarbage(directoryRoot('lab data gc'), options.forget);
  if (options.delete) deleteGarbage(garbage);
  const bytes = garbage.reduce((sum, one) => sum + one.bytes, 0);
  const deleted = options.delete === true;
  if (options.json) {
    printJson({ bytes, deleted, garbage });
    return;
  }
  if (garbage.length > 0) {
    printTable(
      ['bytes', 'why', 'file'],
      garbage.map(({ bytes, why, path }) => [bytes, why, path]),
    );
  }
  const what = deleted ? 'were deleted' : 'can go; --delete removes them';
  process.stderr.write(`${garbage.length} files of ${bytes} bytes ${what}\n`);
}
