import { assert } from '../core/assert.ts';
import type { SqlParameter } from './sql.ts';
import type { SqlTable } from './sql-table.ts';
import { openStore } from './store.ts';

/**
 * The stored history, to be asked in SQL: values in the text are bound, never pasted into it.
 *
 *     const days = await history.sql`select time, close from bars where symbol = ${symbol} and time >= ${from}`;
 *     days.columns.close                                   // a Float64Array
 *
 * The views are bars, trades, quotes, book, depth, funding, news, rules, actions, ticks, runs and trials.
 */
export const history = {
  /** @throws LabError `usage` when DuckDB refuses the query */
  async sql(text: TemplateStringsArray, ...values: readonly SqlParameter[]): Promise<SqlTable> {
    assert(Array.isArray(text.raw), 'history.sql is written before a template: history.sql`…`');
    const store = await openStore();
    try {
      const query = text.reduce((before, part, i) => `${before}$${i}${part}`);
      return await store.query(query, values);
    } finally {
      store.close();
    }
  },
};
