import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { candles } from '@streamscalp/lib/notebook/candles';
import { line } from '@streamscalp/lib/notebook/line';
import { DISPLAY, type Displayable } from '@streamscalp/lib/notebook/mime-bundle';
import { html, show, stack } from '@streamscalp/lib/notebook/output';
import { table } from '@streamscalp/lib/notebook/table';
import { describe, expect, it } from 'vitest';

const bars = (rows: number) => syntheticBars({ seed: 7, startTs: Date.UTC(2024, 0, 1), rows });
const markup = async (shown: Displayable) => String((await shown[DISPLAY]())['text/html']);

describe('a chart', () => {
  it('of 300 bars is at most 120 KB', async () => {
    expect((await markup(candles(bars(300), { title: 'SYN' }))).length).toBeLessThan(120_000);
  });

  it('of 200,000 bars is joined for the eye and says so', async () => {
    const chart = await markup(candles(bars(200_000)));
    expect(chart.length).toBeLessThan(300_000);
    expect(chart.length).toBeGreaterThan(100_000);
  });

  it('has a static picture under a frame without rights', async () => {
    const { closeTs, close } = bars(50);
    const chart = await markup(line({ name: 'close', x: closeTs, y: close }));
    expect(chart).toMatch(/<img [^>]*src="data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+">/);
    expect(chart).toMatch(/<iframe sandbox="allow-scripts" /);
  });

  it('lets no text of the data out into the page', async () => {
    const title = '"></iframe><script>bad()</script>';
    const chart = await markup(candles(bars(5), { title }));
    expect(chart).not.toContain('<script>bad');
    expect(chart.match(/<iframe/g)).toHaveLength(1);
  });
});

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
