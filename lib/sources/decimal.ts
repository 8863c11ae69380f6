const POINT = 46;
const MINUS = 45;
const PLUS = 43;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * The decimal number written in bytes [from, to), correctly rounded; NaN when they are anything else, empty included.
 *
 * Up to 2^53 in the digits and 22 of them behind the point, integer and power of ten are both exact, so one division
 * rounds once and gives what `Number` gives (Clinger, 1990) without making a string per cell. The rest goes to `Number`.
 */
export function decimalAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  let digits = 0;
  let count = 0;
  let point = -1;
  for (; at < to; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57) {
      digits = digits * 10 + (byte - 48);
      count++;
    } else if (byte === POINT && point < 0) {
      point = at;
    } else {
      return decimalInText(bytes, from, to);
    }
  }
  if (count === 0) return Number.NaN;
  const behind = point < 0 ? 0 : to - point - 1;
  if (digits > Number.MAX_SAFE_INTEGER || behind > 22) return decimalInText(bytes, from, to);
  const value = behind === 0 ? digits : digits / POWERS[behind]!;
  return negative ? -value : value;
}

/** Exact powers of ten; 10^22 is the last one a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

function decimalInText(bytes: Uint8Array, from: number, to: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
  return PLAIN.test(text) ? Number(text) : Number.NaN;
}
