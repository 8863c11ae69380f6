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

/** For so long nothing is counted, in milliseconds: what runs often is compiled by then, here and in other programs. */
export const WARM_UP = 2000;

/** Wall time of each of `runs` calls after the warm-up, which is one call at least, in milliseconds, ascending. */
export async function times(runs: number, work: () => unknown): Promise<number[]> {
  const begun = performance.now();
  do await work();
  while (performance.now() - begun < WARM_UP);
  const found: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    found.push(performance.now() - started);
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
