import { DISPLAY, type Displayable } from '@streamscalp/lib/notebook/mime-bundle';
import { html, show, stack } from '@streamscalp/lib/notebook/output';
import { table } from '@streamscalp/lib/notebook/table';
import { describe, expect, it } from 'vitest';

const markup = async (shown: Displayable) => String((await shown[DISPLAY]())['text/html']);

describe('a table', () => {
  it('writes numbers, times and gaps as a person reads them', async () => {
    const shown = table([
      { symbol: 'A<B', openTs: Date.UTC(2024, 0, 2), price: 1234.5678, n: 3 },
      { symbol: 'C', openTs: Date.UTC(2024, 0, 3, 9, 30), price: Number.NaN },
    ]);
    expect((await shown[DISPLAY]())['text/plain']).toBe(
      'symbol\topenTs\tprice\tn\nA<B\t2024-01-02\t1,234.57\t3\nC\t2024-01-03 09:30\t–\t',
    );
    expect(await markup(shown)).toContain('A&lt;B');
  });

  it('takes columns, and shows both ends of a long one', async () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => i);
    const shown = table({ x }, { rows: 4, format: { x: (value) => `#${value}` } });
    expect((await shown[DISPLAY]())['text/plain']).toBe('x\n#0\n#1\n#998\n#999');
    expect(await markup(shown)).toMatch(/….*1,000 rows/);
  });
});

it('parts stand under one another', async () => {
  expect(await markup(stack(html('<b>1</b>'), html('<i>2</i>')))).toBe('<b>1</b><i>2</i>');
});

it('show() outside a notebook says that it needs one', async () => {
  await expect(show(html(''))).rejects.toThrow(/draws in a notebook/);
});
