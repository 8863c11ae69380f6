/**
 * The variables of all cells, as properties of one plain object: compiled cells read and write a top-level name as
 * `exports.name`. tslab hands them a Proxy, through which each write costs half a microsecond; a plain object costs
 * what any object does. Two habits of compiled modules need care: an imported name arrives as a getter that cannot be
 * redefined, and the value of the last expression must reach tslab's executor.
 */
export class CellVariables {
  readonly values: Record<string, unknown> = {};
  readonly #executorLocals: Record<string, unknown>;

  constructor(executorLocals: Record<string, unknown>) {
    this.#executorLocals = executorLocals;
  }

  /** Makes room for the next cell: earlier imports become plain values, and each name it imports can be defined again. */
  prepare(compiled: string, lastExpression: string | undefined): void {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(this.values))) {
      if (property.get && property.configurable) this.#settle(name, this.values[name]);
    }
    for (const [, name] of compiled.matchAll(/^Object\.defineProperty\(exports, "([^"]+)",/gm)) {
      if (name !== undefined && name !== '__esModule') this.#settle(name, this.values[name]);
    }
    if (lastExpression !== undefined) this.#forward(lastExpression);
  }

  #settle(name: string, value: unknown): void {
    Object.defineProperty(this.values, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }

  #forward(name: string): void {
    const locals = this.#executorLocals;
    Object.defineProperty(this.values, name, {
      set: (value: unknown) => {
        locals[name] = value;
      },
      configurable: true,
      enumerable: false,
    });
  }
}
