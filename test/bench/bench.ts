/** One number a bench found. `goal` is what it should be: at most, or at least where `atLeast` is set. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number | null;
  readonly atLeast?: boolean;
}

/** A bench prints its figures; it asserts that the work was done, never how fast. */
export interface Bench {
  readonly name: string;
  readonly what: string;
  run(options: BenchOptions): Promise<Figure[]>;
}

/** What a person may say to benches. */
export interface BenchOptions {
  /** Directory of a model that scores headlines. */
  readonly model?: string | undefined;
}

/** Wall time of each of `runs` calls after one that is not counted, in milliseconds, ascending. */
export async function times(runs: number, work: () => unknown): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i <= runs; i++) {
    const started = performance.now();
    await work();
    if (i > 0) found.push(performance.now() - started);
  }
  return found.sort((a, b) => a - b);
}

export function median(ascending: readonly number[]): number {
  return ascending[Math.floor(ascending.length / 2)]!;
}

/** Peak resident memory of this process so far, in MB. */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
