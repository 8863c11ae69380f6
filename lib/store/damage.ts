import { isLabError, LabError } from '../core/errors.ts';
import type { Duck } from './duckdb.ts';
import { isUrl } from './location.ts';
import { globLiteral, onConnection, quote } from './parquet.ts';

/** A file and the path to read it by, which differ where it is pinned. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Runs work that reads Parquet files, and when it fails finds the file that is to blame.
 *
 * @throws LabError `data` naming the first damaged file; the error of the work itself when every file is whole
 */
export async function guardFiles<T>(
  duck: Duck,
  files: readonly NamedFile[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isLabError(error)) throw error;
    if (files.some(({ name }) => isUrl(name))) {
      throw new LabError('io', `cannot read the history: ${firstLine(error)}`, { cause: error });
    }
    for (const { name, path } of files) {
      const damage = await damageOf(duck, path);
      if (damage === undefined) continue;
      throw new LabError(
        'data',
        `${name} is damaged (${damage}); delete it and import the data again`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Of these files the damaged ones, each with what is wrong. */
export async function damagedFiles(
  duck: Duck,
  files: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of files) {
    const damage = await damageOf(duck, file);
    if (damage !== undefined) found.set(file, damage);
  }
  return found;
}

/** What DuckDB says when it decodes the whole file; undefined when it can. */
async function damageOf(duck: Duck, file: string): Promise<string | undefined> {
  try {
    await onConnection(duck, (connection) =>
      connection.run(`select max(hash(columns(*))) from read_parquet(${quote(globLiteral(file))})`),
    );
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

/** The first line of an error of DuckDB; below it the query is repeated. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}
