import { once } from 'node:events';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BinanceServer } from './binance-server.ts';

/** The streams of a Binance on loopback: SUBSCRIBE and its acknowledgement, events, breaks and silence. */
export class BinanceFeed {
  /** While true, connections stay open and nothing comes. */
  mute = false;
  /** While true, nobody is let in. */
  down = false;
  readonly #sockets = new Map<WebSocket, Set<string>>();
  readonly #server = new WebSocketServer({ noServer: true });
  #waiting: (() => void)[] = [];

  constructor(venue: BinanceServer) {
    venue.http.on('upgrade', (request, socket, head) => {
      if (this.down) return socket.destroy();
      this.#server.handleUpgrade(request, socket, head, (opened) => {
        const streams = new Set<string>();
        this.#sockets.set(opened, streams);
        opened.on('close', () => this.#sockets.delete(opened));
        opened.on('message', (data) => {
          const { params, id } = JSON.parse(String(data)) as { params: string[]; id: number };
          for (const stream of params) streams.add(stream);
          opened.send(JSON.stringify({ result: null, id }));
          for (const go of this.#waiting.splice(0)) go();
        });
      });
    });
  }

  /** Resolves when each of the streams has a listener. */
  async listened(...streams: string[]): Promise<void> {
    const all = () => [...this.#sockets.values()].flatMap((set) => [...set]);
    while (!streams.every((stream) => all().includes(stream))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  send(stream: string, event: object): void {
    if (this.mute) return;
    const text = JSON.stringify(event);
    for (const [socket, streams] of this.#sockets) if (streams.has(stream)) socket.send(text);
  }

  /** Breaks every connection, without a word of farewell. */
  drop(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
