import type { Message } from '../wire/message.ts';

/** Requests to run cells, one at a time in the order they came. A failure drops those that came before it was known. */
export class CellQueue {
  readonly #waiting: Message[] = [];
  readonly #run: (request: Message) => Promise<boolean>;
  readonly #drop: (request: Message) => void;
  #running = false;

  /**
   * @param run runs one request; resolves to false when it failed and what waits behind it must not run
   * @param drop answers a request that will not run
   */
  constructor(run: (request: Message) => Promise<boolean>, drop: (request: Message) => void) {
    this.#run = run;
    this.#drop = drop;
  }

  async add(request: Message): Promise<void> {
    this.#waiting.push(request);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (!(await this.#run(next))) for (const late of this.#waiting.splice(0)) this.#drop(late);
    }
    this.#running = false;
  }
}
