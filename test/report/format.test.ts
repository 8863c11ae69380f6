import {
  formatAmount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatQty,
  formatTime,
} from '@streamscalp/lib/report/format';
import { escapeHtml, html, trusted } from '@streamscalp/lib/report/html';
import { formatMetric, METRIC_FACES, metricsTable } from '@streamscalp/lib/report/tables';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleReport } from './sample-report.ts';

describe('numbers as text', () => {
  it.each([
    [formatNumber(1234567.891, 2), '1,234,567.89'],
    [formatNumber(-0.25, 2), '−0.25'],
    [formatNumber(-0.001, 2), '0.00'],
    [formatNumber(Number.NaN, 2), '–'],
    [formatPercent(0.12345), '12.3%'],
    [formatAmount(0.00001234), '0.00001234'],
    [formatAmount(0.5), '0.5000'],
    [formatAmount(0), '0.00'],
    [formatAmount(-1234.5), '−1,234.50'],
  ])('writes %s', (found, expected) => {
    expect(found).toBe(expected);
  });

  it('rounds and groups as Intl does', () => {
    const anything = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.integer({ min: -1e9, max: 1e9 }).map((x) => x / 1000),
      fc.integer({ min: -1e6, max: 1e6 }).map((x) => x / 1e9),
    );
    fc.assert(
      fc.property(anything, fc.constantFrom(0, 1, 2, 4, 8), (x, digits) => {
        const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
        const plain = x.toLocaleString('en-US', fixed);
        expect(formatNumber(x, digits)).toBe(
          /^-[0.,]*$/.test(plain) ? plain.slice(1) : plain.replace('-', '−'),
        );
        fc.pre(!Object.is(x, -0));
        expect(formatQty(x)).toBe(x.toLocaleString('en-US', { maximumFractionDigits: 8 }));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes a time as fine as the second it falls into', () => {
    const midnight = Date.UTC(2024, 2, 1);
    expect(formatTime(midnight)).toBe('2024-03-01');
    expect(formatTime(midnight + 1)).toBe('2024-03-01');
    expect(formatTime(midnight + 36_000_000)).toBe('2024-03-01 10:00');
    expect(formatTime(midnight - 1)).toBe('2024-02-29 23:59:59');
    expect(formatTime(Number.NaN)).toBe('–');
  });

  it('writes a duration in the unit of its size', () => {
    expect([45e3, 720e3, 12.6e6, 4e9].map(formatDuration)).toEqual([
      '45 s',
      '12 min',
      '3.5 h',
      '46.3 days',
    ]);
  });
});

describe('the table of metrics', () => {
  const { metrics } = sampleReport(400);

  it('has a face for every metric and none besides', () => {
    expect(Object.keys(METRIC_FACES).sort()).toEqual(Object.keys(metrics).sort());
  });

  it('never shows a Sharpe ratio without its standard error', () => {
    const sharpe = formatMetric('sharpe', metrics.sharpe);
    const error = formatMetric('sharpeStdErr', metrics.sharpeStdErr);
    expect(metricsTable(metrics, [])).toContain(`${sharpe} ± ${error}`);
  });

  it('shows the reason in place of a refused number', () => {
    const table = metricsTable(metrics, [{ metrics: ['winRate', 'sharpe'], reason: 'too few' }]);
    expect(table).toMatch(/Win rate +refused: too few/);
    expect(table).toMatch(/Sharpe +refused: too few/);
  });
});

describe('the html template', () => {
  it('escapes what it is given and keeps its own markup', () => {
    const name = `<b onclick="x('1')">&</b>`;
    expect(html`<p title="${name}">${[html`<i>${1}</i>`, name]}</p>${trusted('<hr>')}`.text).toBe(
      `<p title="${escapeHtml(name)}"><i>1</i>${escapeHtml(name)}</p><hr>`,
    );
    expect(escapeHtml(name)).toBe('&lt;b onclick=&quot;x(&#39;1&#39;)&quot;&gt;&amp;&lt;/b&gt;');
  });
});
