import type { BarChunk } from '../market/bar.ts';
import type { BarFeed } from '../market/feed.ts';
import type { SliceChunk } from '../market/slice.ts';
import { slicesOf } from './slices.ts';

/** Several instruments come moment by moment where their feeds can be read so, and one in long chunks. */
export function stepsOf(feed: BarFeed): AsyncIterable<BarChunk | SliceChunk> {
  const { parts = [] } = feed;
  if (feed.slices) return feed.slices();
  return parts.length > 1 ? slicesOf(parts) : feed.chunks();
}
