import { HOUR, MINUTE, type Millis, SECOND } from '../core/time.ts';
import { decimalAt } from './decimal.ts';

/** How a column writes its dates; one column keeps to one style. */
export type MomentStyle =
  | 'epoch'
  | 'YYYYMMDD'
  | 'year first'
  | 'slashed' // day and month in either order: 1/31/2012, 31-1-12
  | 'dotted' // the same with dots, which is written day first: 31.01.2012
  | 'named month';

const code = (text: string) => text.charCodeAt(0);
const SPACE = code(' ');
const DASH = code('-');
const SLASH = code('/');
const DOT = code('.');
const COLON = code(':');
const PLUS = code('+');
const COMMA = code(',');
const T = code('t');

/** Marks a token that is the name of a month. */
const NAME = -1;
const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** First value of each epoch unit, in seconds, ms, µs and ns. The bands reach from 1973 to 2100 and never touch. */
const EPOCH_BANDS: readonly number[] = [1e8, 1e11, 1e14, 1e17];
const EPOCH_END = 4_102_444_800;

/**
 * Reads the moments of one column, cell by cell, in any common format; UTC unless the cell names a zone. Where one
 * cell cannot tell day from month both readings are left, to be decided over the whole column.
 */
export class MomentReader {
  style: MomentStyle = 'epoch';
  /** The moment, with the month first where the order is open; NaN when that is no date. */
  ts: Millis = Number.NaN;
  /** The moment with the day first; NaN when that is no date, or when the order is not open. */
  dayFirstTs: Millis = Number.NaN;
  /** The cell has a time of day. */
  timed = false;
  /** The cell names its zone. */
  zoned = false;

  // The cell as tokens: runs of digits and names of months, each with what stands before it.
  #count = 0;
  readonly #value: number[] = [];
  readonly #width: number[] = [];
  readonly #before: number[] = [];
  #afternoon = -1;

  /** Reads bytes [from, to); false when they are no moment. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    this.timed = false;
    this.zoned = false;
    this.ts = Number.NaN;
    this.dayFirstTs = Number.NaN;
    if (!this.#tokenize(bytes, from, to)) return false;
    if (this.#readEpoch(bytes, from, to)) return true;
    const next = this.#readDate();
    const offset = next < 0 ? Number.NaN : this.#clock(next);
    this.ts += offset;
    this.dayFirstTs += offset;
    return Number.isFinite(this.ts) || Number.isFinite(this.dayFirstTs);
  }

  #tokenize(bytes: Uint8Array, from: number, to: number): boolean {
    this.#count = 0;
    this.#afternoon = -1;
    let before = 0;
    for (let at = from; at < to; ) {
      const byte = bytes[at]!;
      if (byte >= 48 && byte <= 57) {
        const start = at;
        let value = 0;
        for (; at < to && bytes[at]! >= 48 && bytes[at]! <= 57; at++) {
          value = value * 10 + bytes[at]! - 48;
        }
        this.#push(value, at - start, before);
        before = 0;
      } else if (isLetter(byte)) {
        const start = at;
        while (at < to && isLetter(bytes[at]!)) at++;
        if (at - start === 1 && (byte | 32) === T) before = T;
        else if (this.#readWord(bytes, start, at, before)) before = 0;
        else return false;
      } else {
        if (byte !== SPACE && byte !== 34) before = byte;
        else if (before === 0) before = SPACE;
        at++;
      }
    }
    return before === 0 || before === SPACE;
  }

  #push(value: number, width: number, before: number): void {
    this.#value[this.#count] = value;
    this.#width[this.#count] = width;
    this.#before[this.#count] = before;
    this.#count++;
  }

  #readWord(bytes: Uint8Array, from: number, to: number, before: number): boolean {
    const word = String.fromCharCode(...bytes.subarray(from, to)).toLowerCase();
    if (word === 'z' || word === 'utc' || word === 'gmt') this.zoned = true;
    else if (word === 'am' || word === 'pm') this.#afternoon = word === 'pm' ? 1 : 0;
    else {
      const place = word.length < 3 ? -1 : MONTHS.indexOf(word.slice(0, 3));
      if (place < 0 || place % 3 !== 0) return false;
      this.#push(place / 3 + 1, NAME, before);
    }
    return true;
  }

  /** `1325376000`, `1325376000.25`, `1325376000000`, … */
  #readEpoch(bytes: Uint8Array, from: number, to: number): boolean {
    const whole = this.#width[0] ?? 0;
    const fraction = this.#count === 2 && this.#before[1] === DOT;
    if (whole < 9 || this.zoned || (this.#count !== 1 && !fraction)) return false;
    const value = this.#value[0]!;
    const unit = EPOCH_BANDS.findLastIndex((start) => value >= start);
    if (unit < 0 || value >= EPOCH_END * 1000 ** unit) return false;
    if (unit === 0) this.ts = decimalAt(bytes, from, to) * SECOND;
    else {
      // Nanoseconds pass 2^53, so the digits behind the millisecond are read on their own.
      const behind = 3 * (unit - 1);
      const split = from + whole - behind;
      this.ts = decimalAt(bytes, from, split);
      if (behind > 0) this.ts += decimalAt(bytes, split, from + whole) / 10 ** behind;
    }
    this.style = 'epoch';
    this.timed = true;
    this.zoned = true;
    return Number.isFinite(this.ts);
  }

  /** Reads the day and says at which token the time of day begins; -1 when there is no day. */
  #readDate(): number {
    const [a = 0, b = 0, c = 0] = this.#value;
    const [wideA, wideB, wideC] = this.#width;
    if (wideA === 8) {
      this.style = 'YYYYMMDD';
      this.ts = compactDay(a);
      return 1;
    }
    if (wideA === 14 && this.#count === 1) {
      this.style = 'YYYYMMDD';
      this.ts = compactDay(Math.floor(a / 1e6));
      this.#value[0] = a % 1e6;
      this.#width[0] = 6;
      this.#before[0] = SPACE;
      return 0;
    }
    if (this.#count < 3) return -1;
    if (wideA === NAME || wideB === NAME) {
      this.style = 'named month';
      if (wideC !== 4 && wideC !== 2) return -1;
      const year = fullYear(c, wideC);
      this.ts = wideA === NAME ? dayStart(year, a, b) : dayStart(year, b, a);
      return 3;
    }
    const mark = this.#before[1];
    if (mark !== this.#before[2] || (mark !== DASH && mark !== SLASH && mark !== DOT)) return -1;
    if (wideA === 4) {
      this.style = 'year first';
      this.ts = dayStart(a, b, c);
      return 3;
    }
    if (wideA! > 2 || wideB! > 2 || (wideC !== 4 && wideC !== 2)) return -1;
    this.style = mark === DOT ? 'dotted' : 'slashed';
    const year = fullYear(c, wideC);
    this.ts = dayStart(year, a, b);
    this.dayFirstTs = dayStart(year, b, a);
    return 3;
  }

  /** Milliseconds from the start of the day for the time of day and zone in tokens `at`…; NaN when they are neither. */
  #clock(start: number): Millis {
    let at = start;
    if (at === this.#count) return 0;
    const before = this.#before[at]!;
    if (before === PLUS || before === DASH) return Number.NaN;
    this.timed = true;
    let hour = this.#value[at]!;
    let minute = 0;
    let second = 0;
    let fraction = 0;
    const width = this.#width[at]!;
    if (width > 2) {
      if (width === 5 || width === 6) {
        second = hour % 100;
        hour = Math.floor(hour / 100);
      } else if (width > 4) return Number.NaN;
      minute = hour % 100;
      hour = Math.floor(hour / 100);
      at++;
    } else {
      if (this.#before[++at] !== COLON || at >= this.#count) return Number.NaN;
      minute = this.#value[at++]!;
      if (at < this.#count && this.#before[at] === COLON) second = this.#value[at++]!;
    }
    if (at < this.#count && (this.#before[at] === DOT || this.#before[at] === COMMA)) {
      fraction = (this.#value[at]! / 10 ** this.#width[at]!) * SECOND;
      at++;
    }
    if (this.#afternoon >= 0) {
      if (hour < 1 || hour > 12) return Number.NaN;
      hour = (hour % 12) + 12 * this.#afternoon;
    }
    const zone = this.#zone(at);
    if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
    return hour * HOUR + minute * MINUTE + second * SECOND + fraction - zone;
  }

  /** `+05:30`, `-0500`, `+01`; 0 without one. */
  #zone(at: number): Millis {
    if (at === this.#count) return 0;
    const before = this.#before[at];
    if (before !== PLUS && before !== DASH) return Number.NaN;
    this.zoned = true;
    let hour = this.#value[at]!;
    let minute = 0;
    if (this.#width[at] === 4) {
      minute = hour % 100;
      hour = Math.floor(hour / 100);
    } else if (at + 1 < this.#count && this.#before[at + 1] === COLON) {
      minute = this.#value[++at]!;
    }
    if (at + 1 !== this.#count || hour > 15 || minute > 59) return Number.NaN;
    return (before === DASH ? -1 : 1) * (hour * HOUR + minute * MINUTE);
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | 32;
  return lower >= 97 && lower <= 122;
}

/** Two digits below 70 belong to this century, as in POSIX. */
function fullYear(year: number, width: number): number {
  return width === 4 ? year : year + (year < 70 ? 2000 : 1900);
}

function compactDay(digits: number): Millis {
  return dayStart(Math.floor(digits / 10_000), Math.floor(digits / 100) % 100, digits % 100);
}

/** Midnight UTC; NaN when the calendar has no such day. */
function dayStart(year: number, month: number, day: number): Millis {
  if (year < 1600 || year > 2199 || month < 1 || month > 12 || day < 1) return Number.NaN;
  return day > daysInMonth(year, month) ? Number.NaN : Date.UTC(year, month - 1, day);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
