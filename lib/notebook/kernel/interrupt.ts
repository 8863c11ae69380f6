/** How long a cell that listens to the abort signal may take to hand back what it has. */
const GRACE_MS = 1_000;

const ABORT = Symbol.for('lab.abort');

/**
 * What an interrupt does to a cell that is waiting. Code that reads `globalThis[Symbol.for('lab.abort')].signal`
 * (every long call of the library does) is told to stop and given a moment to return what is done; then, or at once
 * when nobody reads the signal, the cell fails. A cell that computes without waiting is stopped by V8 itself; Node takes
 * our SIGINT listeners away for that long, and a signal that falls into the microseconds of the exchange is lost, so a
 * front end may have to press twice.
 */
export class CellInterrupt {
  #controller = new AbortController();
  #heard = false;
  #giveUp: NodeJS.Timeout | undefined;
  readonly #abandon: () => void;

  /** @param abandon makes the running cell fail, whatever it is waiting for */
  constructor(abandon: () => void) {
    this.#abandon = abandon;
    const listen = () => {
      this.#heard = true;
      return this.#controller.signal;
    };
    Object.defineProperty(globalThis, ABORT, {
      value: {
        get signal() {
          return listen();
        },
      },
      configurable: true,
    });
  }

  /** A new cell has a new signal. */
  begin(): void {
    this.#controller = new AbortController();
    this.#heard = false;
  }

  end(): void {
    clearTimeout(this.#giveUp);
  }

  interrupt(): void {
    clearTimeout(this.#giveUp);
    const heard = this.#heard;
    this.#controller.abort(new DOMException('Interrupted', 'AbortError'));
    if (heard) this.#giveUp = setTimeout(this.#abandon, GRACE_MS);
    else this.#abandon();
  }
}
