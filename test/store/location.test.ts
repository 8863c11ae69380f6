import { join } from 'node:path';
import { encodeName } from '@streamscalp/lib/store/layout';
import { projectRoot, storeRoot } from '@streamscalp/lib/store/location';
import { nearest } from '@streamscalp/lib/store/nearest';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('where the history lies', () => {
  it('is `datasets` in the project, LAB_STORE, or what the caller says', () => {
    vi.stubEnv('LAB_STORE', undefined);
    expect(join(projectRoot(), '/')).toBe(PROJECT_ROOT);
    expect(storeRoot()).toBe(join(PROJECT_ROOT, 'datasets'));
    vi.stubEnv('LAB_STORE', '/elsewhere');
    expect([storeRoot(), storeRoot('/here')]).toEqual(['/elsewhere', '/here']);
  });
});

describe('a name as a path segment', () => {
  it('is safe, and can be decoded again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 20 }), (name) => {
        expect(encodeName(name)).toMatch(/^[\w%.-]+$/);
        expect(decodeURIComponent(encodeName(name))).toBe(name);
      }),
      { seed: 4 },
    );
  });

  it('is refused when it is empty or too long for a file name', () => {
    expect(() => encodeName('')).toThrow('is empty');
    expect(() => encodeName('€'.repeat(30))).toThrow('takes 270 bytes encoded');
  });
});

it('a directory may look like a URL further in', () => {
  expect(storeRoot('/data/s3:/x')).toBe('/data/s3:/x');
});

describe('the nearest names', () => {
  it('are those with the fewest edits, whatever their case', () => {
    expect(nearest('btc/usd', ['ETH/USD', 'BTC/USDT', 'SPX', 'BTC/USD'], 2)).toEqual([
      'BTC/USD',
      'BTC/USDT',
    ]);
    expect(nearest('x', [])).toEqual([]);
  });
});
