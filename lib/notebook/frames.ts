import { LabError } from '../core/errors.ts';

/** What we use of the frames of danfojs, of nodejs-polars, and of a table of apache-arrow. */
interface DanfoLike {
  readonly columns: readonly string[];
  readonly getColumnData: readonly (readonly unknown[])[];
}
interface PolarsLike {
  readonly columns: readonly string[];
  getColumn(name: string): { toArray(): Iterable<unknown> };
}
interface ArrowLike {
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  /** Iterated, a vector gives null where it holds none. */
  getChild(name: string): Iterable<unknown> | null;
}

/** Columns as danfojs and nodejs-polars take them: plain arrays. Arrow's `tableFromArrays` takes columns as they are. */
export function frameColumns(
  columns: Readonly<Record<string, ArrayLike<unknown>>> | object,
): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(columns as Record<string, ArrayLike<unknown>>).map(([name, values]) => [
      name,
      Array.from(values),
    ]),
  );
}

/**
 * The columns of a frame of danfojs or nodejs-polars or of a table of apache-arrow, ready for charts and for the library:
 * numbers as Float64Array, NaN where there is none, and moments as UTC milliseconds. Columns with anything else stay
 * arrays.
 *
 * @throws LabError `usage` for anything else
 */
export function columnsOfFrame(frame: object): Record<string, Float64Array | unknown[]> {
  return Object.fromEntries(
    [...valuesOf(frame)].map(([name, values]) => {
      const numbers = values.map(numberOf);
      const numeric = numbers.every((x) => x !== undefined);
      return [name, numeric ? Float64Array.from(numbers) : values];
    }),
  );
}

function* valuesOf(frame: object): Generator<[string, unknown[]]> {
  // A frame of polars is a proxy, of which `in` asks for a column.
  const one = frame as Partial<PolarsLike & ArrowLike & DanfoLike>;
  if (typeof one.getColumn === 'function') {
    const polars = frame as PolarsLike;
    for (const name of polars.columns) yield [name, [...polars.getColumn(name).toArray()]];
  } else if (typeof one.getChild === 'function') {
    const arrow = frame as ArrowLike;
    for (const { name } of arrow.schema.fields) yield [name, [...(arrow.getChild(name) ?? [])]];
  } else if (Array.isArray(one.getColumnData)) {
    const { columns, getColumnData } = frame as DanfoLike;
    for (const [k, name] of columns.entries()) yield [name, [...(getColumnData[k] ?? [])]];
  } else {
    throw new LabError(
      'usage',
      'columnsOfFrame takes a frame of danfojs or nodejs-polars, or a table of apache-arrow',
    );
  }
}

/** NaN for what is not known; undefined for what is no number, or a whole one too large to be one exactly. */
function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return Number.NaN;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
  }
  return typeof value === 'number' ? value : undefined;
}
