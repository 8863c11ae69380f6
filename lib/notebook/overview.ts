import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BacktestResult } from '../backtest-result.ts';
import type { BarColumns } from '../market/bar.ts';
import { evidence } from '../report/evidence.ts';
import { html as template } from '../report/html.ts';
import { LOSS } from '../report/palette.ts';
import { reportOf } from '../report/report-of.ts';
import { METRIC_FACES, metricText } from '../report/tables.ts';
import { renderReport } from '../report/tear-sheet.ts';
import { lintMetrics, refusedReasons } from '../stats/linter.ts';
import type { Metrics } from '../stats/metrics.ts';
import { lines } from './lines.ts';
import type { Displayable } from './mime-bundle.ts';
import { html, stack } from './output.ts';

const HEADLINE: readonly (keyof Metrics)[] = [
  'totalReturn',
  'cagr',
  'sharpe',
  'maxDrawdown',
  'volatility',
  'exposure',
  'trades',
  'winRate',
  'profitFactor',
  'fees',
];

/**
 * A backtest at a glance: its headline numbers, how far to trust them, the equity curve beside buying and holding, and
 * the drawdown. The whole tear sheet is too heavy for a notebook: `saveReport` writes it to a file.
 *
 * @param bars what it ran over, to draw buying and holding
 */
export function overview(result: BacktestResult, bars?: BarColumns): Displayable {
  const { ts, value } = result.equity;
  const curves = [{ name: result.strategy, x: ts, y: value }];
  if (bars) curves.push({ name: 'buy and hold', x: ts, y: heldEquity(result, bars) });
  const drawdown = { name: 'drawdown', x: ts, y: drawdownPercent(value, result.run.cash) };
  const symbols = result.instruments.map(({ symbol }) => symbol).join(', ');
  const made = result.instruments.some(({ synthetic }) => synthetic) ? ' (SYNTHETIC)' : '';
  return stack(
    html(headline(result)),
    lines(curves, { title: `Equity, ${symbols}${made}`, yLabel: `Equity, ${result.currency}` }),
    lines({ ...drawdown, color: LOSS }, { title: 'Drawdown, %', height: 160 }),
  );
}

/** Writes the tear sheet as one HTML file that opens offline, and says where it is. */
export function saveReport(result: BacktestResult, bars: BarColumns, path: string): Displayable {
  mkdirSync(dirname(path), { recursive: true });
  const page = renderReport(reportOf(result, bars));
  writeFileSync(path, page);
  const size = (page.length / 1e6).toFixed(1);
  return html(
    template`<p>The full report is <code>${path}</code> (${size} MB); open it in a browser.</p>`
      .text,
  );
}

function headline(result: BacktestResult): string {
  const { metrics, equity } = result;
  const elapsed = (equity.ts.at(-1) ?? 0) - (equity.ts[0] ?? 0);
  const refused = refusedReasons(lintMetrics(metrics, elapsed, result.gaps.tradesOpened));
  const report = reportOf(result);
  const rows = HEADLINE.map(
    (name) =>
      template`<tr><td style="text-align:left">${METRIC_FACES[name].label}</td><td style="text-align:right">${metricText(metrics, name, refused)}</td></tr>`,
  );
  const sentences = evidence(
    metrics,
    refused.get('sharpe'),
    report.trialCount,
    report.trialSharpeVariance,
  ).map((sentence) => template`<li>${sentence}</li>`);
  const synthetic = report.synthetic ? template`<p><b>SYNTHETIC bars</b></p>` : '';
  return template`${synthetic}<table style="font-variant-numeric:tabular-nums">${rows}</table><ul>${sentences}</ul>`
    .text;
}

/** All the cash in at the close of the first traded bar, and never touched again. */
function heldEquity({ equity, run }: BacktestResult, bars: BarColumns): Float64Array {
  const priceAt = new Map<number, number>();
  bars.closeTs.forEach((ts, i) => {
    priceAt.set(ts, bars.close[i]!);
  });
  const first = priceAt.get(equity.ts[0] ?? Number.NaN) ?? Number.NaN;
  return equity.ts.map((ts) => (run.cash * (priceAt.get(ts) ?? Number.NaN)) / first);
}

/** How far below its highest point the equity stands, in percent, 0 or less. */
function drawdownPercent(equity: Float64Array, cash: number): Float64Array {
  let peak = cash;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return (100 * (value - peak)) / peak;
  });
}
