import {
  HOT_DEPTH,
  type Hot,
  type HotCache,
  type HotKind,
  type HotSeries,
  topicOf,
} from './hot-cache.ts';

type Listener = (value: never) => void;

/** The hot cache of one process. */
export class MemoryHotCache implements HotCache {
  readonly #values = new Map<string, { readonly ts: number }[]>();
  readonly #listeners = new Map<string, Set<Listener>>();

  async publish<K extends HotKind>(kind: K, series: HotSeries, value: Hot<K>): Promise<void> {
    const topic = topicOf(kind, series);
    const values = this.#values.get(topic) ?? [];
    const at = values.findLastIndex(({ ts }) => ts <= value.ts);
    if (values[at]?.ts === value.ts) values[at] = value;
    else values.splice(at + 1, 0, value);
    if (values.length > HOT_DEPTH[kind]) values.shift();
    this.#values.set(topic, values);
    for (const listener of this.#listeners.get(topic) ?? []) {
      queueMicrotask(() => listener(value as never));
    }
  }

  async latest<K extends HotKind>(kind: K, series: HotSeries, count = 1): Promise<Hot<K>[]> {
    const values = this.#values.get(topicOf(kind, series)) ?? [];
    return values.slice(Math.max(0, values.length - count)) as Hot<K>[];
  }

  async subscribe<K extends HotKind>(
    kind: K,
    series: HotSeries,
    listener: (value: Hot<K>) => void,
  ): Promise<() => Promise<void>> {
    const topic = topicOf(kind, series);
    const listeners = this.#listeners.get(topic) ?? new Set();
    const own: Listener = (value) => listener(value);
    this.#listeners.set(topic, listeners.add(own));
    return async () => {
      listeners.delete(own);
    };
  }

  /** Others of this process go on using it. */
  async close(): Promise<void> {}
}
