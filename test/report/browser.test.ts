import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderReport } from '@streamscalp/lib/report/tear-sheet';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireSystem } from '../support/system.ts';
import { sampleReport } from './sample-report.ts';

const executable = requireSystem('chromium');

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(executable === undefined)('the tear sheet in a browser (needs chromium)', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable!, args: QUIET });
    folder = await mkdtemp(join(tmpdir(), 'tear-sheet-'));
  });

  afterAll(async () => {
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Opens the report from disk; collects what it complained about and what it asked for. */
  async function open(
    changes: Parameters<typeof sampleReport>[1] = {},
    javaScriptEnabled = true,
  ): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const file = join(folder, 'report.html');
    await writeFile(file, renderReport(sampleReport(400, changes)));
    const page = await browser.newPage({ acceptDownloads: true, javaScriptEnabled });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    if (javaScriptEnabled) await page.waitForSelector('html[data-drawn]', { state: 'attached' });
    return { page, complaints, requests };
  }

  it('draws every chart without a word on the console or a request to the network', async () => {
    const { page, complaints, requests } = await open();
    const drawn = (selector: string) => page.locator(selector).count();
    expect(await drawn('#equity .scatterlayer .trace')).toBe(2);
    expect(await drawn('#underwater .scatterlayer .trace')).toBe(1);
    expect(await drawn('#monthly .heatmaplayer image')).toBe(1);
    expect(await drawn('#candles .boxlayer .trace path.box')).toBe(400);
    expect(await drawn('#candles .scatterlayer .points path')).toBe(
      sampleReport(400).fills!.length,
    );
    expect(await drawn('#pnl-histogram .bars .point')).toBeGreaterThan(3);
    expect(await drawn('#pnl-scatter .points path')).toBe(sampleReport(400).trades.length);
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
    await page.close();
  });

  it('turns the equity axis to a log scale', async () => {
    const { page } = await open();
    await page.locator('#equity .updatemenu-button', { hasText: 'log' }).click();
    await page.waitForFunction(
      "document.getElementById('equity')._fullLayout.yaxis.type === 'log'",
    );
    await page.close();
  });

  it('shows all trades and saves them at full precision', async () => {
    const one = sampleReport(400).trades[0]!;
    const trades = Array.from({ length: 60 }, () => one);
    const { page } = await open({ trades });
    expect(await page.locator('#trades tbody tr').count()).toBe(25);
    await page.locator('#show-all').click();
    expect(await page.locator('#trades tbody tr').count()).toBe(60);
    const saving = page.waitForEvent('download');
    await page.locator('#save-csv').click();
    const saved = await readFile(await (await saving).path(), 'utf8');
    expect(saved.split('\n')).toHaveLength(62);
    expect(saved).toContain(`,${one.pnl}\n`);
    await page.close();
  });

  it('runs nothing that a symbol, an indicator or a strategy name tries to smuggle in', async () => {
    const evil = '</script><script>window.hit=1</script><img src=x onerror="window.hit=1">';
    const values = new Float64Array(400).fill(100);
    const { page, complaints } = await open({
      title: evil,
      symbol: evil,
      strategy: evil,
      params: { name: evil },
      indicators: [{ name: evil, values }],
    });
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.locator('h1').textContent()).toBe(evil);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows still pictures where scripts do not run', async () => {
    const { page } = await open({}, false);
    for (const id of ['equity', 'underwater', 'monthly', 'candles']) {
      expect(await page.locator(`#${id} > svg`).isVisible(), id).toBe(true);
    }
    await page.close();
  });
});
