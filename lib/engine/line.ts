import type { ValueSpec } from '../indicators/indicator.ts';
import type { Cursor } from './bar-view.ts';

/** What a declaration gives back: a line, or a record of lines for an indicator with several. */
export type Declared<Name extends string> = [Name] extends ['value']
  ? Line
  : Readonly<Record<Name, Line>>;

/** A declared indicator as a strategy reads it: `line.value` during onBar. */
export class Line {
  protected readonly column: Float64Array;
  protected readonly cursor: Cursor;
  /** Declares an indicator of this one: `close(rsi(14)).pipe(sma(5))`. */
  readonly pipe: <Name extends string>(spec: ValueSpec<Name>) => Declared<Name>;

  constructor(column: Float64Array, cursor: Cursor, pipe: Line['pipe']) {
    this.column = column;
    this.cursor = cursor;
    this.pipe = pipe;
  }

  /** NaN until the indicator has a value. */
  get value(): number {
    return this.column[this.cursor.step]!;
  }
}

/**
 * A line of another instrument than the one whose bar is under way. Where the first bar of its chunk is still to come,
 * it is what it was before.
 */
export class OtherLine extends Line {
  private readonly before: Float64Array;
  private readonly line: number;

  constructor(
    column: Float64Array,
    cursor: Cursor,
    pipe: Line['pipe'],
    before: Float64Array,
    line: number,
  ) {
    super(column, cursor, pipe);
    this.before = before;
    this.line = line;
  }

  override get value(): number {
    const { step } = this.cursor;
    return step < 0 ? this.before[this.line]! : this.column[step]!;
  }
}
