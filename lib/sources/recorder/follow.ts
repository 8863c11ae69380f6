import { setTimeout as wait } from 'node:timers/promises';
import { isLabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import type { OpenExchange } from '../ccxt/exchange.ts';

export interface FollowHooks {
  readonly signal: AbortSignal;
  readonly onNote: (note: string) => void;
  /** First wait before a stream is opened again; it doubles with each failure in a row. */
  readonly firstDelay?: Millis | undefined;
  /** Silence after which an open stream counts as broken, however slow its updates usually come. */
  readonly shortestSilence?: Millis | undefined;
}

/** A stream of a venue. */
export interface Stream<Update> {
  readonly what: string;
  /** The next update; ccxt opens the stream when it is not open. */
  readonly watch: () => Promise<Update>;
  readonly take: (update: Update) => Promise<void>;
  /** Told when updates may have been missed; the stream is then opened again. */
  readonly lost: () => Promise<void>;
}

const FIRST_DELAY: Millis = 500;
const LONGEST_DELAY: Millis = 30_000;
const SHORTEST_SILENCE: Millis = 10_000;
const LONGEST_SILENCE: Millis = 5 * 60_000;
/** A stream is mute when it has been silent for so many times its usual pause. */
const PAUSES = 30;

/**
 * Follows a stream until the signal aborts, and opens it again whenever it breaks or falls mute: a connection that is
 * open and says nothing is as good as none.
 *
 * @throws LabError `data` or `usage` when the venue refuses the stream for good; what the disk refuses
 */
export async function follow<Update>(
  exchange: OpenExchange,
  stream: Stream<Update>,
  hooks: FollowHooks,
): Promise<void> {
  const { signal, onNote, firstDelay = FIRST_DELAY, shortestSilence = SHORTEST_SILENCE } = hooks;
  let pause: Millis = 0;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const asked = performance.now();
      const silence = Math.min(LONGEST_SILENCE, Math.max(shortestSilence, PAUSES * pause));
      const update = await withinSilence(stream.watch(), silence, signal);
      pause += (performance.now() - asked - pause) / 20;
      await stream.take(update);
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      const mute = error instanceof Mute;
      const failure = mute ? error : passing(error, exchange);
      if (!failure) throw error;
      if (failures === 0) onNote(`${stream.what}: ${failure.message}; opening it again`);
      if (mute) exchange.dropStreams();
      await stream.lost();
      const delay = Math.min(LONGEST_DELAY, firstDelay * 2 ** failures++);
      await wait(delay, undefined, { signal }).catch(() => {});
    }
  }
}

class Mute extends Error {}

/** A network that stays away for long ends a pull, and not a recording. */
function passing(error: unknown, exchange: OpenExchange): { message: string } | undefined {
  if (isLabError(error)) return error.code === 'io' ? error : undefined;
  const failure = exchange.judge(error);
  return failure?.passing ? failure : undefined;
}

async function withinSilence<T>(
  next: Promise<T>,
  silence: Millis,
  signal: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const mute = wait(silence, undefined, { signal: either }).then(() => {
    throw new Mute(`nothing came for ${Math.round(silence / 1000)} s`);
  });
  try {
    return await Promise.race([next, mute]);
  } finally {
    over.abort();
  }
}
