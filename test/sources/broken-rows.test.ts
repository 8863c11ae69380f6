import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeParts } from '@streamscalp/lib/sources/files/content';
import { readHistoryFile } from '@streamscalp/lib/sources/files/read-file';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab } from '../cli/lab.ts';
import { scratchDirectory } from '../store/scratch.ts';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

let store: Store;
beforeAll(async () => {
  store = await openStore(scratchDirectory());
});
afterAll(() => store.close());

const LINES = [
  'time,open,high,low,close,volume',
  '2024-01-01,10,12,9,11,5',
  '2024-01-02,10,12,9,much,5',
  '2024-01-03,13,12,9,11,5',
  'someday,10,12,9,11,5',
  '2024-01-05,10,12,9,11',
  '2024-01-06,10,12,9,11,6',
  '2024-01-07,10,12,9,-1,7',
  '2024-01-08,10,12,9,10,',
];

async function read(path: string, skipBroken = true) {
  const content = await readHistoryFile(path, { timeframe: '1d', skipBroken }, store);
  const [part] = content.parts;
  if (part?.kind !== 'bars') throw new Error('no bars');
  const bars = [...part.rows.chunks()].flatMap(({ openTs, close, volume }) =>
    Array.from(openTs as Float64Array, (ts, i) => [
      new Date(ts).getUTCDate(),
      close![i],
      volume![i],
    ]),
  );
  closeParts(content.parts);
  return { bars, notes: content.notes };
}

function file(name: string, text: string): string {
  const path = join(scratchDirectory(), name);
  writeFileSync(path, text);
  return path;
}

const WHOLE = [
  [1, 11, 5],
  [6, 11, 6],
  [8, 10, 0],
];

describe('broken rows that are to be left out', () => {
  it('are left out of a CSV, and told', async () => {
    const path = file('some.csv', LINES.join('\n'));
    await expect(read(path, false)).rejects.toThrow('some.csv line 3, column close: found "much"');
    const { bars, notes } = await read(path);
    expect(bars).toEqual(WHOLE);
    expect(notes).toEqual([
      '5 broken rows are left out: some.csv line 3, column close: found "much", expected a price such as 1234.56; some.csv line 5, column time: found "someday", expected a date such as 2024-03-01 or 2024-03-01T10:00Z; some.csv line 6 has 5 columns, the first line has 6; and 2 more',
    ]);
  });

  it.each(['json', 'jsonl', 'parquet'])('are left out of %s', async (kind) => {
    const records = LINES.slice(1).map((line) => {
      const [time, open, high, low, close, volume] = line.split(',');
      const numbers = { open, high, low, close: close === 'much' ? null : Number(close) };
      return { time: time === 'someday' ? null : time, ...numbers, volume: volume ?? 'x' };
    });
    const json = file(
      'some.json',
      kind === 'json'
        ? JSON.stringify(records)
        : records.map((one) => JSON.stringify(one)).join('\n'),
    );
    const path = kind === 'parquet' ? `${json}.parquet` : json;
    if (kind === 'parquet') {
      await store.query(`copy (from read_json('${json}')) to '${path}' (format parquet)`);
    }
    const { bars, notes } = await read(path);
    expect(bars).toEqual(WHOLE);
    expect(notes.at(-1)).toMatch(/^5 broken rows are left out: some\.json/);
  });

  it('are still refused when nothing else is there', async () => {
    for (const broken of ['2024-01-02,10,12,9,much,5', '2024-01-03,13,12,9,11,5']) {
      const path = file('all.csv', [LINES[0], broken].join('\n'));
      await expect(read(path)).rejects.toThrow('all.csv line 2');
    }
  });

  it.skipIf(!hasSharedData)(
    'keep no vendor file from being checked (needs ../shared/data)',
    async () => {
      const root = scratchDirectory();
      const path = sharedData('quality/yfinance_SSW-JO-1d-100x-error.csv');
      const words = [
        'data',
        'import',
        path,
        '--symbol',
        'SSW',
        '--venue',
        'jse',
        '--timeframe',
        '1d',
      ];
      expect((await lab(root, ...words)).stderr).toContain(
        'line 30 (2023-05-01T22:00:00.000Z): open',
      );
      const { status, stdout, stderr } = await lab(root, ...words, '--skip-broken');
      expect(status).toBe(0);
      expect(stdout).toMatch(/^2\d 1d bars of SSW on jse/);
      expect(stderr).toMatch(
        /\d broken rows are left out: yfinance_SSW-JO-1d-100x-error\.csv line/,
      );
      const checked = await lab(root, 'data', 'check', 'SSW', '--json', '--all');
      expect(checked.stdout).toContain('"hundredfold"');
    },
  );
});
