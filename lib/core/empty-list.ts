/**
 * An empty list that is known to hold objects. V8 takes a plain `[]` for a list of small integers until the first object
 * comes; what was compiled for the one kind is thrown away when it meets the other, at the beginning of every run.
 */
export function emptyList<T>(): T[] {
  const list: unknown[] = [{}];
  list.pop();
  return list as T[];
}

/** No numbers yet: shared, since a sweep makes many columns for each trial and most stay empty. Never written to. */
export const NO_NUMBERS: Float64Array = new Float64Array(0);
