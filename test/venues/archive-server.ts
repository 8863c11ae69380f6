import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { zipOf } from './zip.ts';

type Fault = (response: ServerResponse, body: Buffer) => void;

/** A file server as Binance's archive is one: zips, a CHECKSUM beside each, ranges, and 404 for what is not there. */
export class ArchiveServer {
  readonly #files = new Map<string, Buffer>();
  /** Every request so far: path, and range if one was asked for. */
  readonly requests: string[] = [];
  /** Consumed one a request of a path that ends so. */
  readonly faults: { path: string; fault: Fault }[] = [];
  /** How many requests were open at once, at most. */
  mostOpen = 0;
  #open = 0;
  readonly #http = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    const { range } = request.headers;
    this.requests.push(range === undefined ? path : `${path} ${range}`);
    this.mostOpen = Math.max(this.mostOpen, ++this.#open);
    response.on('close', () => this.#open--);
    const body = this.#files.get(path);
    if (body === undefined) return response.writeHead(404).end('<Code>NoSuchKey</Code>');
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const at = this.faults.findIndex((planned) => path.endsWith(planned.path));
    if (at >= 0) return this.faults.splice(at, 1)[0]!.fault(response, body.subarray(from));
    if (from > 0 && from >= body.length) return response.writeHead(416).end();
    response.writeHead(range === undefined ? 200 : 206, {
      'content-length': body.length - from,
    });
    response.end(body.subarray(from));
  });

  /** Publishes a zip under data/…, with its checksum. */
  publish(path: string, lines: readonly string[]): void {
    const name = basename(path, '.zip');
    const zip = zipOf(`${name}.csv`, `${lines.join('\n')}\n`);
    this.#files.set(path, zip);
    this.setChecksum(path, createHash('sha256').update(zip).digest('hex'));
  }

  setChecksum(path: string, checksum: string): void {
    this.#files.set(`${path}.CHECKSUM`, Buffer.from(`${checksum}  ${basename(path)}\n`));
  }

  async listen(): Promise<this> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

export const archiveFaults = {
  /** Half of the body, and then the connection breaks. */
  cut: ((response, body) => {
    response.writeHead(200, { 'content-length': body.length });
    // A client throws away what it has not read when the connection breaks, so the half gets a moment.
    response.write(body.subarray(0, body.length >> 1), () =>
      setTimeout(() => response.socket?.end(), 100),
    );
  }) as Fault,
  /** A whole answer with one bit turned over. */
  bitRot: ((response, body) => {
    const rotten = Buffer.from(body);
    rotten[body.length >> 1]! ^= 1;
    response.writeHead(200, { 'content-length': body.length }).end(rotten);
  }) as Fault,
  unavailable: ((response) => {
    response.writeHead(503, { 'retry-after': '0' }).end('Slow Down');
  }) as Fault,
} as const;
