import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { DISPLAY, type Displayable } from '@streamscalp/lib/notebook/mime-bundle';
import { table } from '@streamscalp/lib/notebook/table';
import { tradesTable } from '@streamscalp/lib/notebook/trades-table';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSystem } from '../support/system.ts';
import { NotebookBrowser, type OpenPage } from './browser.ts';

const shownAs = async (shown: Displayable, type: string) => String((await shown[DISPLAY]())[type]);
const markup = (shown: Displayable) => shownAs(shown, 'text/html');

it('a column is written to the tick, as percent, or on the clock of the session', async () => {
  const rows = [
    { openTs: Date.UTC(2024, 6, 1, 13, 30), price: 1234.5, change: -0.0123, at: 0, pnl: -1234.567 },
  ];
  const shown = table(rows, {
    format: { price: { tick: 0.25 }, change: 'percent', at: 'time', pnl: 1 },
    zone: 'America/New_York',
  });
  expect(await shownAs(shown, 'text/plain')).toBe(
    'openTs\tprice\tchange\tat\tpnl\n2024-07-01 09:30\t1,234.50\t−1.2%\t1969-12-31 19:00\t−1,234.6',
  );
});

it('trades are told to the tick of their instrument, on the clock of its session', async () => {
  const trade = {
    openTs: Date.UTC(2024, 0, 2, 14, 30),
    closeTs: Date.UTC(2024, 0, 2, 16, 0),
    ...{
      instrument: 0,
      side: 'long' as const,
      qty: 3,
      entryPrice: 100.1,
      exitPrice: 101,
      pnl: 2.5,
      fees: 0.2,
    },
  };
  const instrument = defineInstrument({
    symbol: 'SYN',
    venue: 'test',
    tickSize: 0.01,
    calendar: 'us-equity',
  });
  const shown = tradesTable({ trades: [trade], instruments: [instrument] });
  expect((await shownAs(shown, 'text/plain')).split('\n')[1]).toBe(
    '2024-01-02 09:30\t2024-01-02 11:00\t1.5 h\tlong\t3\t100.10\t101.00\t2.5000\t0.2000',
  );
});

it('no text of a table ends its script', async () => {
  const page = await markup(table([{ a: '</script><script>bad()' }]));
  expect(page.match(/<\/script>/g)).toHaveLength(1);
});

const executable = requireSystem('chromium');

describe.skipIf(executable === undefined)('a table in a browser (needs chromium)', () => {
  let browser: NotebookBrowser;
  beforeAll(async () => {
    browser = await NotebookBrowser.launch(executable!);
  });
  afterAll(() => browser?.close());

  const rows = Array.from({ length: 30 }, (_, i) => ({
    name: `n<${i}>`,
    value: i === 9 ? Number.NaN : ((i * 7) % 30) / 3,
  }));
  const column = (page: OpenPage['page'], k: number) =>
    page.locator('.lab-table').last().locator(`tr td:nth-child(${k})`).allTextContents();

  it('sorts all rows by a click on a heading, and unknown values come last', async () => {
    const twice = [await markup(table(rows, { rows: 4 })), await markup(table(rows, { rows: 4 }))];
    const { page, complaints } = await browser.open(twice);
    expect(await column(page, 2)).toEqual(['0', '2.33333', '5.33333', '7.66667']);
    const heading = page.locator('.lab-table').last().locator('th').nth(1);
    await heading.click();
    expect(await column(page, 2)).toEqual(['9.66667', '9.33333', '0', '–']);
    await heading.click();
    expect(await column(page, 2)).toEqual(['0', '0.333333', '9.66667', '–']);
    expect(await page.locator('.lab-table').first().locator('td').nth(1).textContent()).toBe('0');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('copies all rows as CSV at full precision', async () => {
    const data = [
      { a: 1 / 3, b: 'x, "y"' },
      { a: Number.NaN, b: '<i>' },
    ];
    const { page } = await browser.open([await markup(table(data))]);
    await page.locator('button').click();
    await page.locator('button', { hasText: 'Copied 2 rows' }).waitFor();
    expect(await page.locator('.lab-table').getAttribute('data-csv')).toBe(
      'a,b\n0.3333333333333333,"x, ""y"""\n,<i>\n',
    );
    await page.close();
  });

  it('is a plain table where no script may run', async () => {
    const { page } = await browser.open([await markup(table(rows, { rows: 4 }))], false);
    expect(await column(page, 1)).toEqual(['n<0>', 'n<1>', '…', 'n<28>', 'n<29>']);
    expect(await page.locator('button').count()).toBe(0);
    await page.close();
  });
});
