import { setImmediate as served } from 'node:timers/promises';

/** Serves the event loop now and then in work that never waits, so that a signal is heard and progress is drawn. */
export class Breath {
  readonly #every: number;
  #last = performance.now();

  /** @param every milliseconds between two of them */
  constructor(every = 50) {
    this.#every = every;
  }

  /** Resolves at once while the last one is not long ago. */
  async take(): Promise<void> {
    if (performance.now() - this.#last < this.#every) return;
    await served();
    this.#last = performance.now();
  }
}
