import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { type LoadedStrategy, loadStrategy } from '../loader/strategy-file.ts';
import type { BarColumns } from '../market/bar.ts';
import { hashBars } from '../store/data-hash.ts';
import { projectRoot } from '../store/location.ts';
import { codeIdentity } from './code-identity.ts';
import { openPassport, type Passport } from './passport.ts';

/** A passport that holds here and now, and the strategy it is for. */
export interface VerifiedPassport {
  readonly passport: Passport;
  readonly strategy: LoadedStrategy;
}

/**
 * Reads a passport and checks it against the code on this machine.
 *
 * @param now epoch milliseconds, for its expiry
 * @throws LabError `refused` naming the field that differs: the strategy's code, the library's or the lockfile; or why
 * the strategy cannot be loaded
 */
export async function readPassport(file: string, now = Date.now()): Promise<VerifiedPassport> {
  const passport = await openPassport(file, now);
  const { source } = passport.code;
  const strategy = await loadStrategy(join(projectRoot(), source)).catch((cause: Error) => {
    throw new LabError(
      'refused',
      `passport ${file} is refused: its strategy cannot be loaded: ${cause.message}`,
      { cause },
    );
  });
  const actual = await codeIdentity(strategy);
  const meaning = {
    source: 'the strategy’s file has moved',
    strategyHash: `the code of ${source} has changed`,
    libraryHash: 'the code of the library has changed',
    lockfileHash: 'package-lock.json has changed',
  };
  for (const field of Object.keys(meaning) as (keyof typeof meaning)[]) {
    if (actual[field] === passport.code[field]) continue;
    throw new LabError(
      'refused',
      `passport ${file} is refused: ${meaning[field]} since it was issued (code.${field} was ${passport.code[field]}, is ${actual[field]}); validate and promote again`,
    );
  }
  return { passport, strategy };
}

/**
 * Checks that the stored bars of the passport's range are those it was issued on.
 *
 * @param bars of the range [data.fromTs, data.toTs]
 * @throws LabError `refused` when a byte of them differs
 */
export function verifyData(passport: Passport, bars: BarColumns): void {
  const { hash, fromTs, toTs } = passport.data;
  const actual = hashBars(bars);
  if (actual === hash) return;
  throw new LabError(
    'refused',
    `the bars from ${isoTime(fromTs)} to ${isoTime(toTs)} are not those the passport was issued on (data.hash was ${hash}, is ${actual}, ${passport.data.bars} bars then, ${bars.closeTs.length} now); import them again, or promote on the new ones`,
  );
}
