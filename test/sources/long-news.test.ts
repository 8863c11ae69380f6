import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '@streamscalp/lib/core/time';
import { HeadlineSpool } from '@streamscalp/lib/sources/news/headline-spool';
import { describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';

describe('long news', () => {
  const YEAR = 365 * DAY;
  const headline = (i: number) => ({
    ...{ id: String(i), headline: `“Title” ${i}`, summary: 'x\ny', url: '', source: 'Wire' },
    symbols: i % 3 === 0 ? ['A', 'B C'] : ['A'],
    availableTs: Date.UTC(2020, 0) + (i * 7 * YEAR) / 2_000,
    publishedTs: i % 2 === 0 ? Number.NaN : i,
  });
  const all = Array.from({ length: 2_000 }, (_, i) => headline(i));

  it.each([
    ['in memory', 1e9],
    ['on the disk', 1_000],
  ])('wait %s by symbol and year, as they came', (_, most) => {
    const root = scratchDirectory();
    const spool = HeadlineSpool.open(root, most);
    for (let at = 0; at < all.length; at += 300) spool.push(all.slice(at, at + 300));
    expect(existsSync(join(root, 'importing'))).toBe(most < 1e9);
    const groups = [...spool.groups()];
    expect(groups.map(({ symbol }) => symbol).join('')).toBe('A'.repeat(7) + 'B C'.repeat(7));
    for (const symbol of ['A', 'B C']) {
      const own = groups.filter((group) => group.symbol === symbol);
      expect(own.flatMap(({ headlines }) => headlines)).toEqual(
        all.filter(({ symbols }) => symbols.includes(symbol)),
      );
      for (const { start, end, headlines } of own) {
        expect(headlines.every(({ availableTs: ts }) => ts >= start && ts < end)).toBe(true);
      }
    }
    expect([spool.count, spool.fromTs, spool.toTs]).toEqual([
      2_000,
      all[0]!.availableTs,
      all[1_999]!.availableTs,
    ]);
    expect([0, 1, 2, 1_997, 1_998, 1_999].map((place) => spool.shown(place).id)).toEqual([
      '0',
      '1',
      '2',
      '1997',
      '1998',
      '1999',
    ]);
    spool.close();
    expect(readdirSync(root)).toEqual(most < 1e9 ? ['importing'] : []);
  });

  it('are stored once, also where a twin is in the year before', async () => {
    const root = scratchDirectory();
    const path = join(root, 'news.jsonl');
    const line = (id: string, date: string) =>
      JSON.stringify({ headline: 'Apple gains', id, date, symbols: ['A'] });
    const lines = [line('1', '2023-12-31T23:00:00Z'), line('2', '2024-01-01T01:00:00Z')];
    writeFileSync(path, lines.join('\n'));
    const words = ['data', 'import', path, '--venue', 'w'];
    const first = await lab(root, ...words);
    expect(first.stdout).toContain('2 news on w, 2023-12-31T23:00:00Z to');
    expect((await lab(root, ...words)).stdout).toContain('all of them were stored already');
    const { stdout } = await lab(root, 'data', 'sql', 'select id from news', '--json');
    expect((JSON.parse(stdout) as { rows: unknown }).rows).toEqual([['1']]);
  });
});
