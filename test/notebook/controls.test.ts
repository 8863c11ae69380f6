import type { KernelClient } from '@streamscalp/lib/notebook/kernel-client';
import type { Message } from '@streamscalp/lib/notebook/wire/message';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell, startKernel } from './cells.ts';

describe('controls on the kernel', () => {
  let kernel: KernelClient;
  let id = '';
  beforeAll(async () => {
    kernel = await startKernel();
    const { outputs, error } = await runCell(
      kernel,
      `import { controls, html, slider } from "@streamscalp/lib/notebook/display";
      controls({ fast: slider(2, 50, 10), slow: slider(5, 90, 30, 5) }, async ({ fast, slow }) => {
        if (fast >= slow) throw new RangeError('fast must be below slow');
        return html('<b>' + fast + '/' + slow + '</b>');
      })`,
    );
    expect(error).toBeUndefined();
    const [output] = outputs;
    const shown = output && 'data' in output ? String(output.data['text/html']) : '';
    id = /data-id="([^"]+)"/.exec(shown)?.[1] ?? '';
    // What one sees where no script runs: the values, and what they gave.
    expect(shown).toContain('fast 10 · slow 30');
    expect(shown).toContain('<b>10/30</b>');
  });
  afterAll(() => kernel.close());

  const move = async (comm_id: string, data: object) => {
    const seen: Message[] = [];
    await kernel.tell('comm_msg', { comm_id, data }, (message) => seen.push(message));
    return seen.filter(({ header }) => header.msg_type.startsWith('comm_'));
  };

  it('draw again with what a slider says', async () => {
    expect(await move(id, { fast: 20 })).toMatchObject([
      {
        header: { msg_type: 'comm_msg' },
        content: { comm_id: id, data: { html: '<b>20/30</b>' } },
      },
    ]);
  });

  it('keep what a page says within the bounds', async () => {
    const [answer] = await move(id, { fast: -1e9, slow: 'x', other: 1 });
    expect(answer?.content.data).toEqual({ html: '<b>2/30</b>' });
  });

  it('say why they could not draw, and go on', async () => {
    expect(await move(id, { fast: 40 })).toMatchObject([
      {
        header: { msg_type: 'comm_close' },
        content: { data: { error: 'RangeError: fast must be below slow' } },
      },
    ]);
    expect(await move(id, { fast: 3 })).toMatchObject([{ header: { msg_type: 'comm_msg' } }]);
  });

  it('of a kernel that was restarted are closed', async () => {
    expect(await move('lab-controls-99', {})).toMatchObject([
      { header: { msg_type: 'comm_close' } },
    ]);
  });

  it('refuse a slider whose value lies outside', async () => {
    expect((await runCell(kernel, 'slider(5, 2)')).error?.evalue).toMatch(/within the bounds/);
  });
});
