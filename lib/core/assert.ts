/** Crashes on a bug in our own code. For bad input from the world throw a LabError instead. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
