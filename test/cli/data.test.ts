import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataCommand } from '@streamscalp/lib/cli/data';
import { progress, tableText } from '@streamscalp/lib/cli/output';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lab-data-'));
  vi.stubEnv('LAB_STORE', join(root, 'store'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

/** What `lab data …` prints to stdout. */
async function lab(...words: string[]): Promise<string> {
  let printed = '';
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    const command = new Command('data').exitOverride();
    dataCommand(command);
    for (const sub of command.commands) sub.exitOverride();
    await command.parseAsync(words, { from: 'user' });
  } finally {
    out.mockRestore();
    quiet.mockRestore();
  }
  return printed;
}

const json = async (...words: string[]): Promise<unknown> =>
  JSON.parse(await lab(...words, '--json'));

describe('lab data', () => {
  it('loads the samples, once, and lists them with a label on what is synthetic', async () => {
    // 5,105 rows from 2000-01-03 to 2020-04-17: head, tail and wc of node_modules/vega-datasets/data/sp500-2000.csv
    const series = [
      {
        symbol: 'SPX',
        timeframe: '1d',
        rows: 5105,
        fromTs: Date.UTC(2000, 0, 3),
        toTs: Date.UTC(2020, 3, 18),
        synthetic: false,
      },
      {
        symbol: 'SYN/USD',
        timeframe: '1m',
        rows: 200_000,
        toTs: Date.UTC(2025, 0, 1),
        synthetic: true,
      },
      { symbol: 'SYN/USD', kind: 'ticks', rows: 18_720, synthetic: true },
    ];
    expect(await json('sample')).toMatchObject(series);
    expect(await json('sample')).toMatchObject(series);
    expect(await json('ls')).toMatchObject(series);
    const table = (await lab('ls')).split('\n');
    expect(table.find((line) => line.includes('1m'))).toMatch(/synthetic$/);
    expect(table.find((line) => line.includes('SPX'))).toMatch(/ 5105 {2}2000-01-03 +2020-04-18$/);
    const { rows } = (await json(
      'sql',
      "select close from bars where symbol = 'SPX' order by openTs limit 1",
    )) as { rows: unknown };
    expect(rows).toEqual([[1455.219971]]);
  });

  it('imports a CSV, tries it first, and answers a query about it', async () => {
    const file = join(root, 'prices.csv');
    writeFileSync(file, 'Date,Open,High,Low,Close\n2024-03-02,2,3,1,2.5\n2024-03-01,1,2,1,2\n');
    const words = ['import', file, '--symbol', 'ACME', '--venue', 'nyse', '--timeframe', '1d'];
    const [fromTs, toTs] = [Date.UTC(2024, 2, 1), Date.UTC(2024, 2, 3)];
    expect(await json(...words, '--dry-run')).toMatchObject({
      rows: 2,
      fromTs,
      toTs,
      last: { close: 2.5 },
    });
    expect((await json('sql', "select * from bars where symbol = 'ACME'")) as object).toMatchObject(
      { rows: [] },
    );
    expect(await json(...words, '--calendar', 'us-equity', '--tick', '0.01')).toMatchObject({
      rows: 2,
      written: 1,
      instrument: { calendar: 'us-equity', tickSize: 0.01, quote: 'USD', synthetic: false },
      notes: ['no volume column: volume is 0'],
    });
    // What was said of the instrument stays, and the same file changes nothing.
    expect(await json(...words)).toMatchObject({
      written: 0,
      instrument: { calendar: 'us-equity', tickSize: 0.01 },
    });
  });

  it.each([
    [
      ['import', 'none.csv', '--symbol', 'A', '--venue', 'b', '--timeframe', '1d'],
      'cannot read none.csv',
    ],
    [
      ['import', 'README.md', '--symbol', 'A', '--venue', 'b'],
      'README.md does not say how long its bars are; give --timeframe such as 1m',
    ],
    [
      ['import', 'x.csv', '--symbol', 'A', '--venue', 'b', '--timeframe', '1d', '--tick', 'x'],
      '"x" is not a step',
    ],
    [['sql', 'selec'], 'the query failed: Parser Error'],
    [['nothing'], "unknown command 'nothing'"],
  ])('%j fails and says: %s', async (words, message) => {
    await expect(lab(...words)).rejects.toThrow(message);
  });
});

describe('output', () => {
  it('aligns numbers right, texts left, and leaves absent values empty', () => {
    expect(
      tableText(
        ['name', 'n'],
        [
          ['a', 1],
          ['bcdef', 1234.5],
          ['c', null],
        ],
      ),
    ).toBe(['name        n', '─────  ──────', 'a           1', 'bcdef  1234.5', 'c'].join('\n'));
    expect(tableText(['name'], [])).toBe('name\n────');
  });

  it('is silent about quick work, and says a line per tenth of slow work where there is no terminal', () => {
    const lines: string[] = [];
    const write = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => lines.push(String(text)) > 0);
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    const tty = process.stderr.isTTY;
    process.stderr.isTTY = false;
    try {
      const quick = progress('quick', 100);
      for (let done = 1; done <= 100; done++) quick.tick(done);
      quick.end();
      expect(lines).toEqual([]);

      const slow = progress('sweep', 1000);
      for (let done = 1; done <= 1000; done++) {
        now += 20;
        slow.tick(done, 'best 1.2');
      }
      slow.end();
      expect(lines[0]).toBe('sweep 10 %  18 s left  best 1.2\n');
      expect(lines.length).toBe(11);
      expect(lines.at(-1)).toBe('sweep done in 20 s\n');
    } finally {
      process.stderr.isTTY = tty;
      clock.mockRestore();
      write.mockRestore();
    }
  });
});
