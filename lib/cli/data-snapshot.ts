import type { Command } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { directoryRoot } from '../store/location.ts';
import { findSeries } from '../store/series.ts';
import {
  damagedObjects,
  listSnapshots,
  readSnapshot,
  type Snapshot,
  takeSnapshot,
} from '../store/snapshots.ts';
import { printJson, printTable } from './output.ts';

interface SnapshotOptions {
  readonly venue?: string;
  readonly symbol?: string;
  readonly list?: true;
  readonly verify?: string;
  readonly json?: true;
}

/** `lab data snapshot`: the history as it is now, under an id by which it stays readable. */
export function addSnapshotCommand(command: Command): void {
  command
    .command('snapshot')
    .description('keep the stored files as they are now under an id; imports then replace copies')
    .option('--venue <name>', 'only series of this venue')
    .option('--symbol <name>', 'only series of this instrument')
    .option('--list', 'list the snapshots there are, those of trials too, and take none')
    .option('--verify <id>', 'read every file of a snapshot and compare its hash')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A trial takes the snapshots of its bars, exchange rates, finer bars and news by itself; the ids are the hashes in its line
and in a passport. That of several symbols names the snapshot of each.

Examples:
  lab data snapshot --venue binance
  lab data snapshot --list`,
    )
    .action((options: SnapshotOptions) => run(options));
}

async function run(options: SnapshotOptions): Promise<void> {
  const root = directoryRoot('lab data snapshot');
  if (options.list) {
    const snapshots = listSnapshots(root);
    return options.json ? printJson(snapshots) : snapshotTable(snapshots);
  }
  if (options.verify !== undefined) {
    const found = verified(root, options.verify);
    if (options.json) return printJson(found);
    process.stdout.write(`${found.files} files are as they were\n`);
    return;
  }
  const { venue, symbol } = options;
  const series = (await findSeries(root)).filter(
    (one) => (venue ?? one.venue) === one.venue && (symbol ?? one.symbol) === one.symbol,
  );
  const files = series.flatMap(({ partitions }) =>
    partitions.flatMap((partition) => partition.files),
  );
  if (files.length === 0) {
    throw new LabError('data', 'there is nothing to keep; `lab data ls` shows what is stored');
  }
  const snapshot = takeSnapshot(root, files);
  if (options.json) return printJson(snapshot);
  process.stdout.write(`${snapshot.id}\n`);
  process.stderr.write(`${files.length} files of ${series.length} series are kept\n`);
}

function snapshotTable(snapshots: readonly Snapshot[]): void {
  printTable(
    ['taken', 'for', 'what', 'files', 'bytes', 'id'],
    snapshots.map((snapshot) => {
      const { created, reason, files, id } = snapshot;
      return [
        isoTime(created).slice(0, 19),
        reason,
        whatOf(snapshot),
        files.length,
        files.reduce((sum, { bytes }) => sum + bytes, 0),
        id,
      ];
    }),
  );
}

function whatOf({ bars, rows, of }: Snapshot): string {
  if (of) return `${of.length} snapshots`;
  if (rows) return `${rows.kind} of ${rows.symbol} ${rows.venue}`;
  return bars ? `${bars.symbol} ${bars.venue} ${bars.timeframe}` : '';
}

/** @throws LabError `data` when a file of the snapshot is missing or was changed */
function verified(root: string, id: string): { readonly id: string; readonly files: number } {
  const snapshot = readSnapshot(root, id);
  if (!snapshot) {
    throw new LabError(
      'usage',
      `there is no snapshot ${id}; \`lab data snapshot --list\` shows all`,
    );
  }
  const damaged = damagedObjects(root, snapshot);
  if (damaged.length > 0) {
    throw new LabError('data', `snapshot ${id} is not whole: ${damaged.join('; ')}`);
  }
  return { id, files: filesIn(root, snapshot) };
}

function filesIn(root: string, { files, of = [] }: Snapshot): number {
  return of.reduce((sum, id) => sum + filesIn(root, readSnapshot(root, id)!), files.length);
}
