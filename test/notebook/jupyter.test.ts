import { randomUUID } from 'node:crypto';
import { chooseJupyter } from '@streamscalp/lib/notebook/jupyter-choice';
import { jupyterSources } from '@streamscalp/lib/notebook/jupyter-install';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { requireSystem } from '../support/system.ts';
import { NotebookBrowser } from './browser.ts';
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
const { jupyter } = await chooseJupyter(
  'auto',
  jupyterSources(PROJECT_ROOT, () => {}),
);

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
      // As a front end puts a trusted output into its page: the markup, and then its scripts.
      await page.evaluate(`{
        const place = document.createElement('div');
        place.innerHTML = ${JSON.stringify(shown['text/html'])};
        document.body.prepend(place);
        for (const old of place.querySelectorAll('script')) {
          const script = document.createElement('script');
          script.textContent = old.textContent;
          old.replaceWith(script);
        }
      }`);
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

  it('ends when told to', async () => {
    await server.close();
    await expect(ask('api/status')).rejects.toThrow();
  });
});
