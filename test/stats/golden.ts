import { readFileSync } from 'node:fs';
import { PROJECT_ROOT } from '../support/shared-data.ts';

/** A file of numbers from an outside program: the program, how it was asked, and what it said. */
export interface Golden<Rows> {
  readonly program: string;
  readonly command: string;
  readonly rows: Rows;
}

export function golden<Rows>(name: string): Golden<Rows> {
  return JSON.parse(readFileSync(`${PROJECT_ROOT}test/golden/stats/${name}`, 'utf8'));
}

/** |found − expected| over |expected|, or over 1 where that is larger or nothing is expected. */
export function relativeError(found: number, expected: number): number {
  return expected === 0 ? Math.abs(found) : Math.abs(found - expected) / Math.abs(expected);
}
