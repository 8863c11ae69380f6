import { createHash } from 'node:crypto';

/** A value JSON can carry. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * JSON with keys in code-unit order and no spaces, so that equal values have equal bytes; keys that are array indices come
 * first, ascending. `undefined` members are left out; NaN and infinities become null, as in JSON.stringify.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(withSortedKeys(value));
}

/** A copy whose keys JSON.stringify meets in order: half the time of a replacer, which is called for every member. */
function withSortedKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return withSortedKeys(value.toJSON());
  if (Array.isArray(value)) return value.map(withSortedKeys);
  const members = value as Record<string, unknown>;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(members).sort()) sorted[key] = withSortedKeys(members[key]);
  return sorted;
}

/** SHA-256 in lower-case hex of bytes or UTF-8 text. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a value's canonical JSON. */
export function fingerprint(value: unknown): string {
  return sha256(canonicalJson(value));
}
