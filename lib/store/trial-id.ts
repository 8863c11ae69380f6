import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, and the order of characters is the order of values. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

let lastMillis = 0;
let sequence = 0;
let random = '';

/**
 * An identifier of 26 characters whose order as text is the order in time: 10 of milliseconds, 4 that count within
 * one millisecond of this process, 12 random. Laid out as a ULID.
 */
export function newTrialId(): string {
  const now = Math.max(Date.now(), lastMillis);
  sequence = now === lastMillis ? sequence + 1 : 0;
  // Sixty bits tell processes apart; the trials of one millisecond share them and have their sequence.
  if (now !== lastMillis) random = letters(randomBytes(12));
  lastMillis = now;
  return encode(now, 10) + encode(sequence, 4) + random;
}

function letters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET[byte & 31]).join('');
}

function encode(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) {
    text = ALPHABET[rest % 32] + text;
  }
  return text;
}
