import { setTimeout as wait } from 'node:timers/promises';
import { LabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';

/** What went wrong with a request, as the adapter of a venue reads it. */
export interface Failure {
  /** One line for people. */
  readonly message: string;
  /** True when the same request may succeed later. */
  readonly passing: boolean;
  /** How long the venue asked to be left alone; absent when it did not say. */
  readonly retryAfter?: Millis | undefined;
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Reads an error; a LabError or a bug is `undefined` and thrown on. */
  readonly judge: (error: unknown) => Failure | undefined;
  /** Told before each wait. */
  readonly onRetry?: ((failure: Failure, delay: Millis) => void) | undefined;
  /** First wait; it doubles with each failure in a row. */
  readonly firstDelay?: Millis | undefined;
  /** A request without a whole answer by then has failed: a body that trickles never ends by itself. */
  readonly deadline?: Millis | undefined;
}

const ATTEMPTS = 8;
const FIRST_DELAY: Millis = 500;
const LONGEST_DELAY: Millis = 60_000;
const DEADLINE: Millis = 60_000;
/** A ban that lasts longer is told to the user instead of waited for. */
const LONGEST_BAN: Millis = 10 * 60_000;

/**
 * Runs a request until it succeeds, with growing waits between attempts, and never sooner than the venue allows.
 *
 * @throws LabError `io` when it failed eight times in a row, or the venue bans for more than ten minutes; `interrupted`
 *   when the signal aborts
 */
export async function withRetries<T>(
  what: string,
  request: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, judge, onRetry, firstDelay = FIRST_DELAY, deadline = DEADLINE } = options;
  for (let attempt = 1; ; attempt++) {
    const failed = await settle(request, signal, deadline, what);
    if ('value' in failed) return failed.value;
    const cause = failed.error;
    const failure: Failure | undefined =
      cause instanceof TimedOut ? { message: cause.message, passing: true } : judge(cause);
    if (!failure) throw cause;
    if (!failure.passing) throw new LabError('data', `${what}: ${failure.message}`, { cause });
    const { retryAfter = 0 } = failure;
    if (retryAfter > LONGEST_BAN) {
      throw new LabError(
        'io',
        `${what}: the venue asks for ${Math.ceil(retryAfter / 60_000)} minutes of silence (${failure.message}); run the command again after that, it goes on where it stopped`,
        { cause },
      );
    }
    if (attempt === ATTEMPTS) {
      throw new LabError(
        'io',
        `${what} failed ${ATTEMPTS} times, last with: ${failure.message}; check the network and run the command again, it goes on where it stopped`,
        { cause },
      );
    }
    const delay = Math.max(retryAfter, Math.min(LONGEST_DELAY, firstDelay * 2 ** (attempt - 1)));
    onRetry?.(failure, delay);
    await wait(delay, undefined, { signal }).catch(() => refuseInterrupted(what));
  }
}

class TimedOut extends Error {}

/** The request's outcome as a value, or the first of: the deadline, the signal. */
async function settle<T>(
  request: () => Promise<T>,
  signal: AbortSignal,
  deadline: Millis,
  what: string,
): Promise<{ value: T } | { error: unknown }> {
  if (signal.aborted) refuseInterrupted(what);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  try {
    const late = wait(deadline, undefined, { signal: either }).then(() => {
      throw new TimedOut(`no whole answer within ${deadline / 1000} s`);
    });
    return { value: await Promise.race([request(), late]) };
  } catch (error) {
    if (signal.aborted) refuseInterrupted(what);
    return { error };
  } finally {
    over.abort();
  }
}

function refuseInterrupted(what: string): never {
  throw new LabError('interrupted', `stopped at ${what}`);
}

/** `Retry-After` of an answer, in milliseconds: seconds or a date. Undefined when it says neither. */
export function retryAfterMillis(header: string | undefined, now: Millis): Millis | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const delay = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(delay) ? Math.max(0, delay) : undefined;
}
