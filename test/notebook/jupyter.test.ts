import { randomUUID } from 'node:crypto';
import { findOrInstallJupyter, type Jupyter } from '@streamscalp/lib/notebook/jupyter-install';
import { type JupyterServer, startJupyter } from '@streamscalp/lib/notebook/jupyter-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../support/shared-data.ts';
import { openTextSocket } from './websocket.ts';

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
const jupyter: Jupyter | undefined = await findOrInstallJupyter(PROJECT_ROOT, () => {});

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

  it('runs a TypeScript cell on it', async () => {
    const made = await ask('api/kernels', { method: 'POST', body: '{"name":"lab"}' });
    const { id } = (await made.json()) as { id: string };
    const session = randomUUID();
    const channels = `${server.address}api/kernels/${id}/channels?session_id=${session}`;
    const result = await new Promise<string>((resolve, reject) => {
      openTextSocket(`${channels}&token=${server.token}`, (text) => {
        const { header, content } = JSON.parse(text);
        if (header.msg_type === 'execute_result') resolve(content.data['text/plain']);
        if (header.msg_type === 'error') reject(new Error(content.evalue));
      }).then((socket) => {
        socket.send(executeRequest(session, 'const six: number = 6; six * 7'));
      }, reject);
    });
    expect(result).toBe('42');
    expect((await ask(`api/kernels/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('ends when told to', async () => {
    await server.close();
    await expect(ask('api/status')).rejects.toThrow();
  });
});
