import { join, resolve } from 'node:path';
import { projectRoot } from '@streamscalp/lib/store/location';

/** Where the ledger is: the file given, else `datasets/live/ledger.sqlite` in the project. */
export function ledgerPath(given: string | undefined): string {
  return given === undefined ? join(projectRoot(), 'datasets/live/ledger.sqlite') : resolve(given);
}
