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
  return textOf(value) as string;
}

/** Written out by hand: a run's fills are tens of thousands of objects, and JSON.stringify with a replacer copies each. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return textOf(value.toJSON());
  let text = '';
  if (Array.isArray(value)) {
    for (const member of value) text += `${text && ','}${textOf(member) ?? 'null'}`;
    return `[${text}]`;
  }
  const members = value as Record<string, unknown>;
  for (const key of canonicalKeys(members)) {
    const member = textOf(members[key]);
    if (member !== undefined) text += `${text && ','}${JSON.stringify(key)}:${member}`;
  }
  return `{${text}}`;
}

function canonicalKeys(members: Record<string, unknown>): string[] {
  const keys = Object.keys(members);
  // JavaScript itself puts indices first; what follows them came in the order of its making.
  let indices = 0;
  while (indices < keys.length && isIndex(keys[indices]!)) indices++;
  return indices === 0 ? keys.sort() : [...keys.slice(0, indices), ...keys.slice(indices).sort()];
}

function isIndex(key: string): boolean {
  const index = Number(key) >>> 0;
  return String(index) === key && index < 2 ** 32 - 1;
}

/** SHA-256 in lower-case hex of bytes or UTF-8 text. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** SHA-256 of a value's canonical JSON. */
export function fingerprint(value: unknown): string {
  return sha256(canonicalJson(value));
}
