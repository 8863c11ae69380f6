import type { Millis } from '../core/time.ts';
import type { Bar } from '../market/bar.ts';
import type { InstrumentIndex } from '../market/instrument.ts';

/** The bars that closed at one moment. Like a bar, it is valid during the call it is handed to, and not after. */
export class Slice {
  closeTs: Millis = Number.NEGATIVE_INFINITY;
  /** By instrument: 1 when it has a bar at this moment and its indicators are warm. */
  readonly ready: Uint8Array;
  readonly #instruments: InstrumentIndex;
  readonly #views: readonly Bar[];

  constructor(instruments: InstrumentIndex, views: readonly Bar[]) {
    this.#instruments = instruments;
    this.#views = views;
    this.ready = new Uint8Array(instruments.size);
  }

  /** The symbols that are ready, in the order of the run: a bar closed now, and every indicator declared on it is warm. */
  get symbols(): string[] {
    const found: string[] = [];
    this.ready.forEach((ready, k) => {
      if (ready) found.push(this.#instruments.at(k).symbol);
    });
    return found;
  }

  /** @throws LabError `data` when the run has no such symbol */
  has(symbol: string): boolean {
    return this.ready[this.#instruments.indexOf(symbol)] === 1;
  }

  /** The symbol's bar of this moment; undefined when it is not ready. */
  bar(symbol: string): Bar | undefined {
    const k = this.#instruments.indexOf(symbol);
    return this.ready[k] === 1 ? this.#views[k] : undefined;
  }
}
