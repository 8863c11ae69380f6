const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;

/**
 * Walks a CSV line by line and leaves the byte range of every cell in `starts` and `ends`, trimmed of spaces and
 * quotes. Nothing is copied: a million rows cost no objects.
 */
export class CsvScanner {
  readonly bytes: Uint8Array;
  /** 1-based number of the line that `next` has just read. */
  line: number;
  /** Cells in that line. */
  width = 0;
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly #separator: number;
  #at: number;

  /**
   * @param bytes whole lines
   * @param before the scanner of the lines before these, where a file is read block by block
   */
  constructor(bytes: Uint8Array, before?: CsvScanner) {
    this.bytes = bytes;
    this.line = before?.line ?? 0;
    const marked = !before && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#at = marked ? 3 : 0;
    this.#separator = before ? before.#separator : sniffSeparator(bytes, this.#at);
  }

  /** Moves to the next line that is not blank; false at the end. */
  next(): boolean {
    const { bytes } = this;
    while (this.#at < bytes.length) {
      this.line++;
      let end = bytes.indexOf(NEWLINE, this.#at);
      if (end < 0) end = bytes.length;
      const start = this.#at;
      this.#at = end + 1;
      if (bytes[end - 1] === RETURN) end--;
      this.#split(start, end);
      if (this.width > 1 || (this.width === 1 && this.ends[0]! > this.starts[0]!)) return true;
    }
    return false;
  }

  text(cell: number): string {
    const { bytes } = this;
    const start = this.starts[cell]!;
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, this.ends[cell]! - start).toString(
      'utf8',
    );
  }

  texts(): string[] {
    return Array.from({ length: this.width }, (_, cell) => this.text(cell));
  }

  #split(from: number, to: number): void {
    const { bytes, starts, ends } = this;
    let cell = 0;
    let at = from;
    while (at <= to) {
      while (at < to && bytes[at] === SPACE) at++;
      let start = at;
      let end: number;
      if (bytes[at] === QUOTE && at < to) {
        start = ++at;
        while (at < to && (bytes[at] !== QUOTE || bytes[at + 1] === QUOTE)) {
          at += bytes[at] === QUOTE ? 2 : 1;
        }
        end = Math.min(at, to);
        while (at < to && bytes[at] !== this.#separator) at++;
      } else {
        while (at < to && bytes[at] !== this.#separator) at++;
        end = at;
      }
      while (end > start && bytes[end - 1] === SPACE) end--;
      starts[cell] = start;
      ends[cell] = end;
      cell++;
      at++;
    }
    this.width = cell;
  }
}

/** The candidate that splits the first line most often; a comma when none does. */
function sniffSeparator(bytes: Uint8Array, from: number): number {
  const counts = new Map([',', ';', '\t'].map((text) => [text.charCodeAt(0), 0]));
  let quoted = false;
  for (let at = from; at < bytes.length && bytes[at] !== NEWLINE; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && counts.has(byte)) counts.set(byte, counts.get(byte)! + 1);
  }
  let best = 44;
  for (const [byte, count] of counts) if (count > counts.get(best)!) best = byte;
  return best;
}
