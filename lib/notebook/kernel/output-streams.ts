export type StreamName = 'stdout' | 'stderr';

/**
 * Sends what the process prints to a notebook instead of the terminal. Text of workers and of timers goes the same
 * way, under the cell that ran last.
 */
export function redirectOutput(write: (name: StreamName, text: string) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder();
    const stream = process[name];
    const redirected = (
      chunk: string | Uint8Array,
      encoding?: unknown,
      done?: (error?: Error | null) => void,
    ): boolean => {
      write(name, typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
      (typeof encoding === 'function' ? (encoding as () => void) : done)?.();
      return true;
    };
    stream.write = redirected as typeof stream.write;
  }
}
