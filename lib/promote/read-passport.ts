import { join } from 'node:path';
import { LabError } from '../core/errors.ts';
import { type LoadedStrategy, loadStrategy } from '../loader/strategy-file.ts';
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
