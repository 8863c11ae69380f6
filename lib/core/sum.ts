/**
 * A running sum with Neumaier's compensation: the error stays near one rounding however many terms are added.
 * Source: Neumaier (1974), ZAMM 54, 39–51.
 */
export class Sum {
  #total = 0;
  #lost = 0;

  add(x: number): void {
    const next = this.#total + x;
    this.#lost +=
      Math.abs(this.#total) >= Math.abs(x) ? this.#total - next + x : x - next + this.#total;
    this.#total = next;
  }

  get value(): number {
    return this.#total + this.#lost;
  }
}

/** Compensated sum of a series; 0 when it is empty. */
export function sum(values: ArrayLike<number>): number {
  const total = new Sum();
  for (let i = 0; i < values.length; i++) total.add(values[i]!);
  return total.value;
}
