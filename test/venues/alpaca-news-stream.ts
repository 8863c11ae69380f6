import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** The codec that the client brings along. */
const { decode, encode } = createRequire(
  createRequire(import.meta.url).resolve('@alpacahq/alpaca-trade-api'),
)('@msgpack/msgpack') as {
  decode: (bytes: Uint8Array) => unknown;
  encode: (value: unknown) => Uint8Array;
};

type Message = Readonly<Record<string, unknown>>;

/** Alpaca's news stream on loopback: msgpack frames, authentication, subscriptions, and news when a test says so. */
export class AlpacaNewsStream {
  readonly keys = { keyId: 'PKTEST', secret: 'a secret of tests' };
  readonly #server: WebSocketServer;
  readonly #subscribed = new Set<WebSocket>();
  #onSubscribed: () => void = () => {};

  /** @param http a server whose address it shares, as a mirror has one; by default it has its own */
  constructor(http?: Server) {
    this.#server = new WebSocketServer(
      http === undefined ? { host: '127.0.0.1', port: 0 } : { server: http },
    );
    this.#server.on('connection', (socket) => {
      const say = (...messages: Message[]) => socket.send(encode(messages));
      say({ T: 'success', msg: 'connected' });
      socket.on('close', () => this.#subscribed.delete(socket));
      socket.on('message', (data: Buffer) => {
        const message = decode(data) as Message;
        if (message.action === 'auth') {
          const known = message.key === this.keys.keyId && message.secret === this.keys.secret;
          if (known) say({ T: 'success', msg: 'authenticated' });
          else say({ T: 'error', code: 402, msg: 'auth failed' });
        } else if (message.action === 'subscribe') {
          say({ T: 'subscription', news: message.news });
          this.#subscribed.add(socket);
          this.#onSubscribed();
        }
      });
    });
  }

  async listen(): Promise<this> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends when somebody subscribes after this call. */
  subscription(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSubscribed = resolve;
    });
  }

  publish(article: Message): void {
    for (const socket of this.#subscribed) socket.send(encode([{ T: 'n', ...article }]));
  }

  /** Breaks every connection without a farewell. */
  drop(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
