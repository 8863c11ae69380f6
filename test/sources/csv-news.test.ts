import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

async function imported(text: string, ...words: readonly string[]) {
  const root = scratchDirectory();
  const path = join(root, 'news.csv');
  writeFileSync(path, text);
  const ran = await lab(root, 'data', 'import', path, '--venue', 'wire', ...words);
  const query = 'select symbol, headline, source, url, availableTs from news order by time, symbol';
  const { stdout } = await lab(root, 'data', 'sql', query, '--json');
  return { ...ran, root, rows: (JSON.parse(stdout) as { rows: unknown[][] }).rows };
}

const CSV = [
  'Title,Publisher,Date,Ticker,Link',
  '"Apple ""gains"", again",Wire,2024-03-01T10:00:00Z,AAPL,u1',
  'Apple meets Microsoft,Wire,2024-03-01 11:00:00-05:00,"AAPL,MSFT",u2',
  'Rain,Wire,2024-03-01,,u3',
].join('\n');

describe('a CSV of news', () => {
  it('is stored under the symbols that its rows name', async () => {
    const { rows, stderr, status } = await imported(CSV);
    expect(status).toBe(0);
    const [ten, four] = [Date.UTC(2024, 2, 1, 10), Date.UTC(2024, 2, 1, 16)];
    expect(rows).toEqual([
      ['AAPL', 'Apple "gains", again', 'Wire', 'u1', ten],
      ['AAPL', 'Apple meets Microsoft', 'Wire', 'u2', four],
      ['MSFT', 'Apple meets Microsoft', 'Wire', 'u2', four],
    ]);
    expect(stderr).toBe('note: 1 of 3 headlines name no symbol and are left out\n');
  });

  it('is tied to those who are asked for', async () => {
    const { rows } = await imported(CSV, '--symbols', 'MSFT=Microsoft');
    expect(rows.map(([symbol]) => symbol)).toEqual(['MSFT']);
  });

  it('names the line without a moment, or leaves it out where asked', async () => {
    const text = `${CSV}\nApple falls,Wire,soon,AAPL,u4\n`;
    const refused = await imported(text);
    expect(refused.stderr).toContain('news.csv line 5 has no moment, found "soon"');
    expect(refused.status).toBe(3);
    expect(existsSync(join(refused.root, 'importing'))).toBe(false);
    const { rows, stderr } = await imported(text, '--skip-broken');
    expect(rows).toHaveLength(3);
    expect(stderr).toContain('1 broken row is left out: news.csv line 5 has no moment');
  });

  it('names the line that has been cut', async () => {
    const { stderr } = await imported(`${CSV}\nApple,Wire\n`);
    expect(stderr).toContain('news.csv line 5 has 2 columns, expected 5; correct or remove');
  });

  it('without any symbol asks for some', async () => {
    const { stderr, status } = await imported('headline,date\nRain,2024-03-01\n');
    expect(stderr).toContain(
      '1 of 1 headlines name no symbol and are left out; name them by --symbols',
    );
    expect(status).toBe(3);
  });

  it.skipIf(!hasSharedData)('is read as Benzinga has it (needs ../shared/data)', async () => {
    const root = scratchDirectory();
    const path = sharedData('news/benzinga_analyst_sample.csv');
    const words = ['data', 'import', path, '--venue', 'benzinga', '--json'];
    const { stdout, status } = await lab(root, ...words);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\d+ of 100 tell a day and no time, and count as known when it is over/);
    const { rows, written } = JSON.parse(stdout) as { rows: number; written: number };
    expect(rows).toBe(100);
    expect(written).toBeGreaterThan(0);
    expect(JSON.parse((await lab(root, ...words)).stdout)).toMatchObject({ rows, written: 0 });
  });
});
