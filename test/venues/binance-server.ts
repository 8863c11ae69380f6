import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Millis } from '@streamscalp/lib/core/time';
import { answer, type VenueData } from './binance-market.ts';
import type { Fault } from './faults.ts';

/**
 * A Binance on loopback: its public REST API over data a test gives, with a clock the test sets, and a list of what to
 * do wrong with the next requests of a path.
 */
export class BinanceServer {
  data: VenueData;
  now: Millis;
  /** Every request so far: path and query. */
  readonly requests: string[] = [];
  /** Consumed one a request of a path that ends so. */
  readonly faults: { path: string; fault: Fault }[] = [];
  /** Called with each request before it is answered. */
  onRequest: (path: string) => void = () => {};
  readonly http: Server;

  constructor(data: VenueData, now: Millis) {
    this.data = data;
    this.now = now;
    this.http = createServer((request, response) => {
      const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://venue');
      this.requests.push(`${pathname}${search}`);
      this.onRequest(pathname);
      const found = answer(pathname, searchParams, this.data, this.now);
      const body = JSON.stringify(found ?? { code: -1121, msg: 'Invalid symbol.' });
      const at = this.faults.findIndex(({ path }) => pathname.endsWith(path));
      if (at >= 0) return this.faults.splice(at, 1)[0]!.fault(response, body);
      response
        .writeHead(found === undefined ? 400 : 200, { 'content-type': 'application/json' })
        .end(body);
    });
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
