import type { Redis } from 'ioredis';
import { LabError } from '../../core/errors.ts';
import {
  HOT_DEPTH,
  HOT_KINDS,
  type Hot,
  type HotCache,
  type HotKind,
  type HotSeries,
  topicOf,
} from './hot-cache.ts';

const PREFIX = 'streamscalp:hot:';

/**
 * The hot cache in Redis: a sorted set by time for each series, and a channel of the same name. A connection that
 * listens can do nothing else, so there are two; both come back by themselves after Redis was gone, and what was
 * published meanwhile is in the set, not on the channel.
 */
export class RedisHotCache implements HotCache {
  readonly #commands: Redis;
  readonly #channel: Redis;
  readonly #listeners = new Map<string, Set<(text: string) => void>>();

  private constructor(commands: Redis, channel: Redis) {
    this.#commands = commands;
    this.#channel = channel;
    channel.on('message', (name: string, text: string) => {
      for (const listener of this.#listeners.get(name) ?? []) listener(text);
    });
  }

  /** @throws LabError `io` when no Redis answers */
  static async open(url: string): Promise<RedisHotCache> {
    const { Redis } = await import('ioredis');
    const clients = [0, 1].map(
      () => new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 3, connectTimeout: 3_000 }),
    );
    let reason: Error | undefined;
    for (const client of clients) {
      client.on('error', (error: Error) => {
        reason = error; // told by the command that fails of it
      });
    }
    try {
      for (const client of clients) await client.connect();
    } catch (cause) {
      for (const client of clients) client.disconnect();
      throw new LabError(
        'io',
        `no Redis answers at ${withoutPassword(url)} (${(reason ?? (cause as Error)).message}); start it, or unset REDIS_URL to stay within this process`,
        { cause },
      );
    }
    return new RedisHotCache(clients[0]!, clients[1]!);
  }

  async publish<K extends HotKind>(kind: K, series: HotSeries, value: Hot<K>): Promise<void> {
    const key = PREFIX + topicOf(kind, series);
    const text = JSON.stringify(value);
    const results = await this.#commands
      .multi()
      .zremrangebyscore(key, String(value.ts), String(value.ts))
      .zadd(key, String(value.ts), text)
      .zremrangebyrank(key, 0, -1 - HOT_DEPTH[kind])
      .publish(key, text)
      .exec();
    const failed = results?.find(([error]) => error !== null)?.[0];
    if (failed) throw new LabError('io', `Redis refused: ${failed.message}`, { cause: failed });
  }

  async latest<K extends HotKind>(kind: K, series: HotSeries, count = 1): Promise<Hot<K>[]> {
    if (count <= 0) return [];
    const key = PREFIX + topicOf(kind, series);
    const texts = await this.#commands.zrange(key, String(-count), '-1');
    return texts.map((text) => parse(kind, text));
  }

  async subscribe<K extends HotKind>(
    kind: K,
    series: HotSeries,
    listener: (value: Hot<K>) => void,
  ): Promise<() => Promise<void>> {
    const key = PREFIX + topicOf(kind, series);
    const listeners = this.#listeners.get(key) ?? new Set();
    const own = (text: string) => listener(parse(kind, text));
    this.#listeners.set(key, listeners.add(own));
    await this.#channel.subscribe(key);
    return async () => {
      listeners.delete(own);
      if (listeners.size === 0) await this.#channel.unsubscribe(key);
    };
  }

  async close(): Promise<void> {
    for (const client of [this.#commands, this.#channel]) client.disconnect();
  }
}

function parse<K extends HotKind>(kind: K, text: string): Hot<K> {
  return HOT_KINDS[kind].parse(JSON.parse(text)) as Hot<K>;
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
