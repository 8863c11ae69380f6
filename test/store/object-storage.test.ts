import { createServer } from 'node:net';
import { HOUR } from '@streamscalp/lib/core/time';
import { localRoot, storeRoot } from '@streamscalp/lib/store/location';
import { openStore } from '@streamscalp/lib/store/store';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HOURS, hourlyBars, SYN, scratchDirectory } from './scratch.ts';

/*
 * What needs DuckDB's httpfs and a service is run where both are named, such as
 *
 *   moto_server -p 5055     # PyPI moto[server] 5; create the bucket first
 *   LAB_HTTPFS=…/httpfs.duckdb_extension LAB_TEST_BUCKET=s3://bucket AWS_ENDPOINT_URL=http://127.0.0.1:5055 \
 *     AWS_ACCESS_KEY_ID=k AWS_SECRET_ACCESS_KEY=s npx vitest run --config test/vitest.config.mjs test/store/object-storage
 */
const { LAB_HTTPFS, LAB_TEST_BUCKET, AWS_ENDPOINT_URL } = process.env;
const served = Boolean(LAB_HTTPFS && LAB_TEST_BUCKET && AWS_ENDPOINT_URL);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a history in a bucket', () => {
  it('is named by s3://BUCKET/PREFIX and nothing else; what is appended to lies in a directory', () => {
    expect(storeRoot('s3://bucket/history/')).toBe('s3://bucket/history');
    expect(localRoot('s3://bucket/history')).toMatch(/datasets$/);
    expect(() => storeRoot('s3://key:secret@bucket/history')).toThrow(
      'LAB_STORE is s3://bucket/history with keys in it; take them out',
    );
    expect(() => storeRoot('gs://bucket')).toThrow('in a directory or in s3://BUCKET/PREFIX');
    expect(() => storeRoot('s3://')).toThrow('in a directory or in s3://BUCKET/PREFIX');
  });

  it('says without httpfs which version is needed, where it is looked for, and that nothing is downloaded', async () => {
    vi.stubEnv('LAB_HTTPFS', `${scratchDirectory()}/none.duckdb_extension`);
    await expect(openStore('s3://bucket/history')).rejects.toThrow(
      /needs DuckDB's extension httpfs, v[\d.]+ for \w+, and LAB_HTTPFS, .*none\.duckdb_extension, has none that loads .*nothing is downloaded by itself: run `LAB_STORE= npx lab data sql "install httpfs"` once/,
    );
  });

  describe.skipIf(!served)('(needs httpfs and an S3-compatible service)', () => {
    const root = `${LAB_TEST_BUCKET}/test-${process.pid}`;

    it('is written and read as a directory is, symbols with a slash and years apart', async () => {
      const store = await openStore(root);
      const bars = hourlyBars(1, 20_000);
      expect(await store.list()).toEqual([]);
      const first = await store.importBars(SYN, '1h', bars);
      expect(first).toMatchObject({ rows: 20_000, written: 3 });
      expect((await store.importBars(SYN, '1h', bars)).written).toBe(0);
      expect(await store.bars(HOURS)).toEqual(bars);
      const from = bars.openTs[100]!;
      const some = await store.bars({ ...HOURS, from, to: from + 10 * HOUR });
      expect(some.close).toEqual(bars.close.slice(100, 110));
      expect((await store.list())[0]).toMatchObject({ ...HOURS, rows: 20_000, synthetic: true });
      const { rows } = await store.sql('select count(*), min(close) from bars where symbol = $1', [
        'SYN/USD',
      ]);
      expect(rows).toEqual([[20_000, Math.min(...bars.close)]]);
      const rates = { availableTs: Float64Array.of(1, 2), rate: Float64Array.of(3, 4) };
      const columns = { ...rates, markPrice: rates.rate, intervalHours: rates.rate };
      await store.append('funding', SYN, columns);
      expect((await store.read('funding', SYN)).rate).toEqual(rates.rate);
      await expect(store.record('funding', SYN, columns)).rejects.toThrow('recording needs');
      store.close();

      const again = await openStore(root);
      expect((await again.bars(HOURS)).close.length).toBe(20_000);
      expect(await again.instrument(SYN)).toEqual(SYN);
      await expect(again.bars({ ...HOURS, symbol: 'X' })).rejects.toThrow('nearest are SYN/USD');
      again.close();
    });

    it('that cannot be reached, or whose keys are missing, says so and no key', async () => {
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
      await expect(openStore(root)).rejects.toThrow('set AWS_ACCESS_KEY_ID and AWS_SECRET');
      const port = await closedPort();
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hush-hush');
      vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
      const failure = await openStore(root).then(
        () => 'opened',
        (error: Error) => error.message,
      );
      expect(failure).toContain(`cannot use ${root}`);
      expect(failure).not.toContain('hush-hush');
    });
  });
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
