import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.ts';

/** Rows by symbol as Alpaca writes them: `t` and one-letter fields. */
export type AlpacaRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export interface AlpacaData {
  readonly bars?: AlpacaRows;
  readonly trades?: AlpacaRows;
  readonly quotes?: AlpacaRows;
  readonly news?: readonly Readonly<Record<string, unknown>>[];
  readonly actions?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly calendar?: readonly {
    readonly date: string;
    readonly open: string;
    readonly close: string;
  }[];
}

/**
 * Alpaca's data on loopback: ranges with both ends inside, pages by token, keys wanted, and a clock the test sets. A
 * body that was captured may be served in place of made rows.
 */
export class AlpacaServer {
  data: AlpacaData;
  now: number;
  /** Rows of a page at most, as a request may ask for fewer but not for more. */
  pageRows = 10_000;
  readonly keys = { keyId: 'PKTEST', secret: 'a secret of tests' };
  readonly requests: string[] = [];
  /** Consumed one a request of a path that ends so. */
  readonly faults: { path: string; fault: Fault }[] = [];
  onRequest: (path: string) => void = () => {};
  /** Whole bodies by path, the first of a path first; the last one stays. */
  readonly captured = new Map<string, unknown[]>();
  readonly http = createServer((request, response) => {
    const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://venue');
    this.requests.push(`${pathname}${search}`);
    this.onRequest(pathname);
    response.setHeader('date', new Date(this.now).toUTCString());
    const known =
      request.headers['apca-api-key-id'] === this.keys.keyId &&
      request.headers['apca-api-secret-key'] === this.keys.secret;
    if (!known) return response.writeHead(401).end('{"message": "forbidden."}');
    const bodies = this.captured.get(pathname);
    const found = bodies
      ? bodies.length > 1
        ? bodies.shift()
        : bodies[0]
      : this.#answer(pathname, searchParams);
    const body = JSON.stringify(found ?? { message: 'endpoint not found' });
    const at = this.faults.findIndex(({ path }) => pathname.endsWith(path));
    if (at >= 0) return this.faults.splice(at, 1)[0]!.fault(response, body);
    response
      .writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(body);
  });

  constructor(data: AlpacaData, now: number) {
    this.data = data;
    this.now = now;
  }

  #answer(path: string, query: URLSearchParams): unknown {
    const {
      bars = {},
      trades = {},
      quotes = {},
      news = [],
      actions = {},
      calendar = [],
    } = this.data;
    switch (path) {
      case '/v2/stocks/bars/latest':
        return { bars: {} };
      case '/v2/stocks/bars':
        return this.#bySymbol('bars', bars, query);
      case '/v2/stocks/trades':
        return this.#bySymbol('trades', trades, query);
      case '/v2/stocks/quotes':
        return this.#bySymbol('quotes', quotes, query);
      case '/v1beta1/news': {
        const wanted = query.get('symbols')?.split(',') ?? [];
        const about = news.filter(({ symbols }) =>
          wanted.some((symbol) => (symbols as string[]).includes(symbol)),
        );
        const { rows, next } = this.#page(about, ({ updated_at }) => String(updated_at), query);
        return { news: rows, next_page_token: next };
      }
      case '/v1/corporate-actions': {
        const from = query.get('start') ?? '';
        const to = query.get('end') ?? '9999';
        const kinds = Object.entries(actions).map(([kind, rows]) => [
          kind,
          rows.filter(({ ex_date }) => String(ex_date) >= from && String(ex_date) <= to),
        ]);
        return { corporate_actions: Object.fromEntries(kinds), next_page_token: null };
      }
      case '/v2/calendar':
        return calendar;
    }
    return undefined;
  }

  #bySymbol(name: string, data: AlpacaRows, query: URLSearchParams): unknown {
    const symbol = query.get('symbols') ?? '';
    const { rows, next } = this.#page(data[symbol] ?? [], ({ t }) => String(t), query);
    return { [name]: rows.length > 0 ? { [symbol]: rows } : {}, next_page_token: next };
  }

  #page<T>(rows: readonly T[], timeOf: (row: T) => string, query: URLSearchParams) {
    const from = Date.parse(query.get('start') ?? '1970-01-01');
    const to = Date.parse(query.get('end') ?? '2100-01-01');
    const limit = Math.min(Number(query.get('limit') ?? 1000), this.pageRows);
    const inside = rows.filter((row) => {
      const ts = Date.parse(timeOf(row));
      return ts >= from && ts <= to;
    });
    const at = Number(query.get('page_token') ?? 0);
    const next = at + limit < inside.length ? String(at + limit) : null;
    return { rows: inside.slice(at, at + limit), next };
  }

  async listen(): Promise<this> {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** The requests of a path, since the last call. */
  taken(path: string): string[] {
    return this.requests.splice(0).filter((request) => request.split('?')[0]!.endsWith(path));
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}
