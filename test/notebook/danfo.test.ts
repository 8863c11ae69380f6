import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { danfo } from '@streamscalp/lib/notebook/danfo';
import { columnsOfFrame, frameColumns } from '@streamscalp/lib/notebook/frames';
import { DISPLAY, isDisplayable } from '@streamscalp/lib/notebook/mime-bundle';
import { describe, expect, it } from 'vitest';

const danfojs = await danfo().catch(() => undefined);

describe.skipIf(!danfojs)('frames of danfojs (needs danfojs-node, an optional package)', () => {
  it('take columns and give them back to the last bit, unknown numbers as NaN', () => {
    const bars = syntheticBars({ seed: 1, startTs: 0, rows: 50 });
    const close = bars.close.with(3, Number.NaN);
    const frame = new danfojs!.DataFrame(
      frameColumns({ ...bars, close, name: Array.from(close, String) }),
    );
    const back = columnsOfFrame(frame);
    expect(back.close).toEqual(close);
    expect(back.openTs).toEqual(bars.openTs);
    expect(columnsOfFrame(new danfojs!.DataFrame({ s: ['a', 'b'] })).s).toEqual(['a', 'b']);
  });

  it.each([
    [
      'a frame',
      () => new danfojs!.DataFrame({ a: [1, 2.5], b: ['<x>', 'y'] }),
      'a\tb\n1\t<x>\n2.5\ty',
    ],
    ['its head', () => new danfojs!.DataFrame({ a: [1, 2], b: [3, 4] }).head(1), 'a\tb\n1\t3'],
    ['a series', () => new danfojs!.Series([1, 2]), '0\n1\n2'],
  ])('show themselves as tables: %s', async (_, make, text) => {
    const frame = make();
    expect(isDisplayable(frame)).toBe(true);
    if (!isDisplayable(frame)) return;
    const bundle = await frame[DISPLAY]();
    expect(bundle['text/plain']).toBe(text);
    expect(String(bundle['text/html'])).not.toContain('<x>');
  });
});
