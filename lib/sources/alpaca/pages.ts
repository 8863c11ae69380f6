import type { Millis } from '../../core/time.ts';
import type { Span } from '../../market/spans.ts';
import type { Rows, TableName } from '../../store/tables.ts';
import type { Page } from '../pull.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';

/** One answer and where the next begins; null after the last. */
export interface Answer<T> {
  readonly found: readonly T[];
  readonly next: string | null;
}

/** The answers of one request, page by page. */
export async function* answers<T>(
  ask: (token: string | undefined) => Promise<Answer<T>>,
): AsyncGenerator<{ readonly found: readonly T[]; readonly last: boolean }> {
  let token: string | undefined;
  for (;;) {
    const { found, next } = await ask(token);
    yield { found, last: !next };
    if (!next) return;
    token = next;
  }
}

/**
 * Rows in order of time as pages of a pull. Those of the last millisecond of a page wait for the next one, which may go
 * on with it; so `place` sees all rows of a moment together.
 *
 * @param at when a row was known
 * @param row what is stored of it; `place` counts the rows of its moment
 */
export async function* rowPages<T, K extends TableName>(
  kind: K,
  span: Span,
  asked: AsyncIterable<{ readonly found: readonly T[]; readonly last: boolean }>,
  at: (found: T) => Millis,
  row: (found: T, ts: Millis, place: number) => RowOf<K> | undefined,
): AsyncGenerator<Page<Rows<K>>> {
  let waiting: T[] = [];
  for await (const { found, last } of asked) {
    const all = [...waiting, ...found];
    const newest = all.at(-1);
    if (newest === undefined && !last) continue;
    const done = last || newest === undefined ? span.to : Math.min(Math.floor(at(newest)), span.to);
    waiting = [];
    const rows: RowOf<K>[] = [];
    let moment = Number.NaN;
    let place = 0;
    for (const one of all) {
      const ts = at(one);
      if (ts >= span.to || ts < span.from) continue;
      if (ts >= done) waiting.push(one);
      else {
        place = ts === moment ? place + 1 : 0;
        moment = ts;
        const stored = row(one, ts, place);
        if (stored) rows.push(stored);
      }
    }
    yield { rows: rowsFrom(kind, rows), done };
  }
}
