import { randomUUID } from 'node:crypto';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { readable } from '@streamscalp/lib/notebook/chart/browser/view';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { requireSystem } from '../support/system.ts';
import { drawnFrame, NotebookBrowser } from './browser.ts';
import { jupyterHere } from './jupyter-here.ts';
import { openTextSocket } from './websocket.ts';

const chromium = requireSystem('chromium');

function executeRequest(session: string, code: string): string {
  const header = { msg_id: randomUUID(), msg_type: 'execute_request', session, username: 'test' };
  return JSON.stringify({
    channel: 'shell',
    header: { ...header, version: '5.3', date: new Date().toISOString() },
    parent_header: {},
    metadata: {},
    content: { code, silent: false, store_history: true, user_expressions: {} },
  });
}

// JupyterLab through pip where PyPI can be reached, else Debian's classic notebook; where neither can be had, no claim.
const jupyter = await jupyterHere('auto');

/** Puts an output into a page as a front end puts a trusted one: the markup, and then its scripts. */
async function showOn(page: Page, markup: string): Promise<void> {
  await page.evaluate(`{
    const place = document.createElement('div');
    place.style.cssText = 'position:fixed;inset:0;z-index:9999;background:white';
    place.innerHTML = ${JSON.stringify(markup)};
    document.body.prepend(place);
    for (const old of place.querySelectorAll('script')) {
      const script = document.createElement('script');
      script.textContent = old.textContent;
      old.replaceWith(script);
    }
  }`);
}

describe.skipIf(!jupyter)('Jupyter (needs PyPI, or apt-get as root)', () => {
  let server: JupyterServer;
  beforeAll(async () => {
    server = await startJupyter(jupyter!, PROJECT_ROOT, { port: 18_888 });
  });
  afterAll(() => server?.close());

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${server.address}${path}`, {
      ...init,
      headers: { Authorization: `token ${server.token}`, 'Content-Type': 'application/json' },
    });

  it('listens on the loopback and refuses who has no token', async () => {
    expect(new URL(server.address).hostname).toBe('127.0.0.1');
    expect((await fetch(`${server.address}api/kernelspecs`)).status).toBe(403);
  });

  it('offers our kernel and prefers it', async () => {
    expect(await (await ask('api/kernelspecs')).json()).toMatchObject({
      default: 'lab',
      kernelspecs: { lab: { spec: { display_name: 'TypeScript (lab)' } } },
    });
  });

  /** Runs one cell on a kernel of the server; resolves to what it shows. */
  async function runOnServer(id: string, code: string): Promise<Record<string, string>> {
    const session = randomUUID();
    const channels = `${server.address}api/kernels/${id}/channels?session_id=${session}`;
    return new Promise((resolve, reject) => {
      openTextSocket(`${channels}&token=${server.token}`, (text) => {
        const { header, content } = JSON.parse(text);
        if (header.msg_type === 'execute_result') resolve(content.data);
        if (header.msg_type === 'error') reject(new Error(content.evalue));
      }).then((socket) => socket.send(executeRequest(session, code)), reject);
    });
  }

  async function startServerKernel(): Promise<string> {
    const made = await ask('api/kernels', { method: 'POST', body: '{"name":"lab"}' });
    return ((await made.json()) as { id: string }).id;
  }

  it('runs a TypeScript cell on it', async () => {
    const id = await startServerKernel();
    const result = await runOnServer(id, 'const six: number = 6; six * 7');
    expect(result['text/plain']).toBe('42');
    expect((await ask(`api/kernels/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it.skipIf(!chromium)('lets a slider on its page draw again through the kernel', async () => {
    const id = await startServerKernel();
    const shown = await runOnServer(
      id,
      `import { controls, html, slider } from "@streamscalp/lib/notebook/display";
      controls({ fast: slider(2, 50, 10) }, ({ fast }) => html('<b>' + fast * 2 + '</b>'))`,
    );
    const browser = await NotebookBrowser.launch(chromium!);
    try {
      const page = await browser.visit(`${server.address}?token=${server.token}`);
      await showOn(page, shown['text/html']!);
      const result = page.locator('.lab-controls b');
      expect(await result.textContent()).toBe('20');
      await page.locator('.lab-controls input').fill('33');
      await page.locator('.lab-controls[data-drawn]').waitFor({ timeout: 15_000 });
      expect(await result.textContent()).toBe('66');
    } finally {
      await browser.close();
    }
    expect((await ask(`api/kernels/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it.skipIf(!chromium)(
    'gives a chart of a million bars the bars that one zooms to',
    async () => {
      const id = await startServerKernel();
      const shown = await runOnServer(
        id,
        `import { syntheticBars } from "@streamscalp/lib";
      import { candles } from "@streamscalp/lib/notebook/display";
      const bars = syntheticBars({ seed: 7, startTs: 0, rows: 1_000_000 });
      candles(bars, { title: 'SYN' })`,
      );
      const bars = syntheticBars({ seed: 7, startTs: 0, rows: 1_000_000 });
      const browser = await NotebookBrowser.launch(chromium!);
      try {
        const page = await browser.visit(`${server.address}?token=${server.token}`);
        await showOn(page, shown['text/html']!);
        const canvas = (await drawnFrame(page)).locator('canvas');
        const label = () => canvas.getAttribute('aria-label');
        expect(await label()).toMatch(/^SYN\. each candle is \d+ bars/);
        await canvas.click({ position: { x: 700, y: 150 } });
        const nearer = async () => {
          await page.mouse.wheel(0, -400);
          return label();
        };
        await expect
          .poll(nearer, { timeout: 30_000 })
          .toMatch(/^SYN\. every bar, from the kernel\. /);
        // Far nearer than the bars that the page carried, the read-out tells every digit of one bar.
        // One turn a frame: a browser that has much to do makes one of several.
        const frame = 'new Promise((done) => requestAnimationFrame(() => setTimeout(done)))';
        for (let turn = 0; turn < 12; turn++) {
          await page.mouse.wheel(0, -400);
          await canvas.evaluate(frame);
        }
        await page.mouse.move(640, 300);
        const read = /kernel\. (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) {3}O H L C (.*)$/;
        await expect.poll(label).toMatch(read);
        const [, moment, prices] = read.exec((await label())!)!;
        const row = bars.openTs.indexOf(Date.parse(`${moment!.replace(' ', 'T')}Z`));
        const { open, high, low, close } = bars;
        const written = [open, high, low, close].map((column) => readable(column[row]!)).join('  ');
        expect(prices).toBe(written);
        const before = moment;
        await page.mouse.move(1100, 300);
        await expect.poll(label).not.toContain(before);
        const after = read.exec((await label())!)![1]!;
        // The 460 pixels between the two are few bars: the zoom goes far below one that the page carried.
        expect((Date.parse(after) - Date.parse(before!)) / 60_000).toBeLessThan(16);
      } finally {
        await browser.close();
      }
      expect((await ask(`api/kernels/${id}`, { method: 'DELETE' })).status).toBe(204);
    },
    90_000,
  );

  it('ends when told to', async () => {
    await server.close();
    await expect(ask('api/status')).rejects.toThrow();
  });
});
