import type { HotCache } from './hot-cache.ts';
import { MemoryHotCache } from './memory-hot-cache.ts';

/** What everyone in this process shares when there is no Redis. */
const shared = new MemoryHotCache();

/**
 * Opens the hot cache: that of Redis when `url` or REDIS_URL names one, else the one of this process.
 *
 * @param url such as redis://127.0.0.1:6379
 * @throws LabError `io` when no Redis answers there
 */
export async function openHotCache(url = process.env.REDIS_URL): Promise<HotCache> {
  if (!url) return shared;
  const { RedisHotCache } = await import('./redis-hot-cache.ts');
  return RedisHotCache.open(url);
}
