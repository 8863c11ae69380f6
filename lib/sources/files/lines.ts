import { LabError } from '../../core/errors.ts';

/** A line of comma-separated cells with where it stands, for formats that are read by place. */
export class Cells {
  readonly #cells: readonly string[];
  readonly #where: string;

  constructor(line: string, file: string, number: number) {
    this.#cells = line.split(',');
    this.#where = `${file} line ${number}`;
  }

  get count(): number {
    return this.#cells.length;
  }

  text(at: number): string {
    return this.#cells[at] ?? '';
  }

  /** @throws LabError `data` when it is no number */
  number(at: number, name: string): number {
    const text = this.text(at);
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value)) return value;
    throw this.wrong(name, `"${text}"`, 'a number');
  }

  wrong(name: string, found: string, expected: string): LabError {
    return new LabError(
      'data',
      `${this.#where}, ${name}: found ${found}, expected ${expected}; correct or remove the line and import again`,
    );
  }

  /** @throws LabError `data` when the line has another number of cells */
  expect(counts: readonly number[], what: string): void {
    if (counts.includes(this.count)) return;
    throw new LabError(
      'data',
      `${this.#where} has ${this.count} columns; ${what} has ${counts.join(' or ')}; correct or remove the line and import again`,
    );
  }
}

/** The lines that are not empty. */
export function* cellsOf(text: string, file: string, first = 1): Generator<Cells> {
  let number = first - 1;
  for (const line of text.split('\n')) {
    number++;
    if (line.trim() !== '') yield new Cells(line.trimEnd(), file, number);
  }
}
