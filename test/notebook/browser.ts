import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Frames inherit it with their page. Playwright's own switch reaches a sandboxed frame, a process of its own, only after
 * its scripts have begun.
 */
const NO_SCRIPT = `<meta http-equiv="Content-Security-Policy" content="script-src 'none'">`;

/** A browser that opens pieces of HTML as a notebook would show them: from disk, under one another. */
export class NotebookBrowser {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lab-display-'));

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(
    executablePath: string,
    ...more: readonly string[]
  ): Promise<NotebookBrowser> {
    return new NotebookBrowser(
      await chromium.launch({ executablePath, args: [...QUIET, ...more] }),
    );
  }

  /** @param scripts false for a notebook that is not trusted: no script runs, in no frame */
  async open(outputs: readonly string[], scripts = true): Promise<OpenPage> {
    const file = join(this.#folder, `${Math.random().toString(36).slice(2)}.html`);
    const body = outputs.map((output) => `<div class="output">${output}</div>`).join('\n');
    const head = `<!doctype html><meta charset="utf-8">${scripts ? '' : NO_SCRIPT}`;
    writeFileSync(file, `${head}<body>${body}`);
    const page = await this.#browser.newPage({ viewport: { width: 900, height: 700 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  /** Opens a page of a server on this machine. */
  async visit(address: string): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true });
  }
}

export interface OpenPage {
  readonly page: Page;
  /** What it said on the console. */
  readonly complaints: string[];
  readonly requests: string[];
}

/** The frame of the nth output, once it says that it has drawn. */
export async function drawnFrame(page: Page, n = 0): Promise<Frame> {
  const element = await page.locator('iframe').nth(n).elementHandle();
  const frame = await element!.contentFrame();
  await frame!.waitForFunction("document.title === 'drawn'", undefined, { timeout: 25_000 });
  return frame!;
}

/** How many pixels of a picture have each of the colours (`#rrggbb`), to the last bit. */
export async function countColors(
  page: Page,
  picture: Buffer,
  colors: readonly string[],
): Promise<number[]> {
  const script = `async ([source, colors]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const brush = canvas.getContext('2d');
    brush.drawImage(image, 0, 0);
    const { data } = brush.getImageData(0, 0, image.width, image.height);
    const found = colors.map(() => 0);
    for (let i = 0; i < data.length; i += 4) {
      const hex = '#' + [data[i], data[i + 1], data[i + 2]].map((x) => x.toString(16).padStart(2, '0')).join('');
      const k = colors.indexOf(hex);
      if (k >= 0) found[k]++;
    }
    return found;
  }`;
  const source = `data:image/png;base64,${picture.toString('base64')}`;
  const blank = await page.context().browser()!.newPage();
  const found = await blank.evaluate(`(${script})(${JSON.stringify([source, colors])})`);
  await blank.close();
  return found as number[];
}
