import { isoDay, type Millis } from '../core/time.ts';
import { lintMetrics, refusedReasons } from '../stats/linter.ts';
import type { Metrics } from '../stats/metrics.ts';
import { evidence } from './evidence.ts';
import { formatAmount, formatNumber, UNKNOWN } from './format.ts';
import { type Html, html } from './html.ts';
import { plotlyPage, plotPlace } from './plotly-page.ts';
import { candlesPlot } from './plots/candles.ts';
import { equityPlot } from './plots/equity.ts';
import { monthlyPlot } from './plots/monthly.ts';
import type { Plot } from './plots/plot.ts';
import { pnlHistogram, pnlScatter } from './plots/trades.ts';
import { underwaterPlot } from './plots/underwater.ts';
import type { ReportInput } from './report-input.ts';
import { SYMBOL_HEADINGS, type SymbolLine, symbolRow } from './symbol-lines.ts';
import { formatMetric, METRIC_FACES, METRIC_GROUPS, metricsOf, metricText } from './tables.ts';
import { tradeHeadings, tradeRow, tradesCsv } from './trade-rows.ts';

/** More trades than this stay out of the page, but for the first and the last. */
const TRADES_IN_PAGE_MAX = 5_000;
const EDGE_ROWS = 12;

/**
 * The tear sheet of one backtest: one HTML file with its charts, data and library inside, which opens from a disk
 * without a network. Numbers that say nothing are shown as `refused: reason`. The same input gives the same bytes.
 */
export function renderReport(report: ReportInput): string {
  const ts = Float64Array.from(report.equity.ts);
  const equity = Float64Array.from(report.equity.value);
  const elapsed = ts.length > 0 ? ts.at(-1)! - ts[0]! : 0;
  const refused = refusedReasons(lintMetrics(report.metrics, elapsed, report.tradesInGaps));

  const { currency = 'quote currency' } = report;
  const curve = equityPlot(ts, equity, report.cash, report.bars, currency);
  const water = underwaterPlot(ts, equity, report.cash);
  const monthly = monthlyPlot(ts, equity, report.cash);
  const candles =
    report.bars && candlesPlot(report.bars, report.fills ?? [], report.indicators ?? []);
  const perTrade =
    report.trades.length > 0
      ? [pnlHistogram(report.trades, currency), pnlScatter(report.trades, currency)]
      : [];
  const plots: Plot[] = [curve, water, monthly, ...(candles ? [candles] : []), ...perTrade];

  const body = html`<main>
${header(report, ts)}
${headline(report, refused)}
<p class="quiet" id="notice"></p>
<h2>Equity</h2>
${plotPlace(curve)}
<h2>Drawdown</h2>
${plotPlace(water)}
<h2>Returns by month</h2>
<div class="scroll">${plotPlace(monthly)}</div>
${candles ? html`<h2>${report.symbol}, ${report.timeframe}, with fills</h2>${plotPlace(candles)}` : ''}
${report.bySymbol ? symbolTable(report.bySymbol) : ''}
<h2>Trades</h2>
${perTrade.length > 0 ? html`<div class="halves">${perTrade.map(plotPlace)}</div>` : ''}
${tradesTable(report)}
<h2>Every number</h2>
${numbers(report.metrics, refused)}
<h2>How far to trust this</h2>
<ul>${evidence(report.metrics, refused.get('sharpe'), report.trialCount, report.trialSharpeVariance).map((line) => html`<li>${line}</li>`)}</ul>
<h2>Assumptions and costs</h2>
<ul>${report.assumptions.map((line) => html`<li>${line}</li>`)}</ul>
<p><b>Costs: ${report.costs.name}</b></p>
<ul>${report.costs.description.map((line) => html`<li>${line}</li>`)}</ul>
${report.paid ? html`<table id="paid"><tbody>${report.paid.map(({ label, amount }) => html`<tr><th scope="row">${label}</th><td>${formatAmount(amount)}</td></tr>`)}</tbody></table>` : ''}
<footer>
<p>Fingerprint <code>${report.fingerprint}</code><br>Trial ${report.trialId}, number of trials in its family: ${formatNumber(report.trialCount, 0)}</p>
<p>Money is in ${currency}${report.currency === undefined ? '' : ', prices in the currency of their instrument'}, times are UTC, returns are simple. A dash means not known. The past does not bind the future.</p>
</footer>
</main>`;
  const carried = report.trades.length < TRADES_IN_PAGE_MAX ? report.trades : [];
  const symbols = report.bySymbol?.map(({ symbol }) => symbol);
  const pageTrades = {
    rows: carried.map((trade, i) => tradeRow(trade, i, symbols)),
    csv: tradesCsv(carried, symbols),
  };
  return plotlyPage(report.title, body, plots, pageTrades);
}

function header(report: ReportInput, ts: Float64Array): Html {
  const params = Object.entries(report.params);
  return html`<h1>${report.title}</h1>
<div class="facts">
<span><b>${report.strategy}</b></span>
<span><b>${report.symbol}</b> on ${report.venue}, ${report.timeframe}</span>
<span>${dayOf(ts[0])} to ${dayOf(ts.at(-1))}</span>
<span>${formatNumber(ts.length, 0)} bars</span>
<span>cash ${formatAmount(report.cash)}</span>
<span>costs ${report.costs.name}</span>
</div>
<div class="facts">${params.map(([name, value]) => html`<span><code>${name}=${writeParam(value)}</code></span>`)}</div>
${report.synthetic ? html`<div class="synthetic"><strong>SYNTHETIC</strong>These bars were made up by a generator. Nothing here happened in a market.</div>` : ''}
${report.warnings.length > 0 ? html`<div class="warnings"><ul>${report.warnings.map((line) => html`<li>${line}</li>`)}</ul></div>` : ''}`;
}

/** The UTC day in which a bar closed; one that closes at midnight belongs to the day before. */
function dayOf(closeTs: Millis | undefined): string {
  return closeTs === undefined ? UNKNOWN : isoDay(closeTs - 1);
}

function writeParam(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

function headline(report: ReportInput, refused: ReadonlyMap<keyof Metrics, string>): Html {
  const m = report.metrics;
  const tile = (name: keyof Metrics, beside: string, note: string) => {
    const reason = refused.get(name);
    const value =
      reason === undefined
        ? html`<div class="value">${formatMetric(name, m[name])} <small>${beside}</small></div>`
        : html`<div class="value refused">refused: ${reason}</div>`;
    return html`<div class="tile"><h3>${METRIC_FACES[name].label}</h3>${value}<div class="note">${note}</div></div>`;
  };
  /** A number in passing: left out where it is refused or not known. */
  const say = (name: keyof Metrics, words: (text: string) => string) =>
    refused.has(name) || !Number.isFinite(m[name]) ? '' : words(formatMetric(name, m[name]));
  const end = formatAmount(report.cash * (1 + m.totalReturn));
  const days = formatMetric('n', m.n);
  return html`<div class="tiles">
${tile('totalReturn', '', `${formatAmount(report.cash)} to ${end}`)}
${tile('cagr', '', 'on calendar time')}
${tile('sharpe', `± ${formatNumber(m.sharpeStdErr, 2)}`, `${days} daily returns${say('psr', (text) => `, PSR ${text}`)}`)}
${tile(
  'maxDrawdown',
  '',
  say('maxDrawdownGrid', (text) => `${text} on daily closes`),
)}
${tile(
  'trades',
  '',
  say('exposure', (text) => `in the market ${text} of the time`),
)}
${tile(
  'winRate',
  '',
  say('payoff', (text) => `average win ${text} × average loss`),
)}
${tile(
  'profitFactor',
  '',
  say('expectancy', (text) => `expectancy ${text} a trade`),
)}
${tile(
  'fees',
  '',
  say('turnover', (text) => `turnover ${text} × equity`),
)}
</div>`;
}

function numbers(metrics: Metrics, refused: ReadonlyMap<keyof Metrics, string>): Html {
  const row = (name: keyof Metrics) => {
    const text = metricText(metrics, name, refused);
    const cell = refused.has(name) ? html`<div class="refused">${text}</div>` : text;
    return html`<tr><th scope="row">${METRIC_FACES[name].label}</th><td>${cell}</td></tr>`;
  };
  return html`<div class="numbers">${METRIC_GROUPS.map(
    (group) =>
      html`<section><h3>${group}</h3><table><tbody>${metricsOf(group).map(row)}</tbody></table></section>`,
  )}</div>`;
}

function symbolTable(lines: readonly SymbolLine[]): Html {
  return html`<h2>By symbol</h2>
<div class="scroll"><table id="symbols"><thead><tr>${SYMBOL_HEADINGS.map((heading) => html`<th>${heading}</th>`)}</tr></thead><tbody>${lines.map(
    (line) => html`<tr>${symbolRow(line).map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function tradesTable(report: ReportInput): Html {
  const { trades, bySymbol } = report;
  const symbols = bySymbol?.map(({ symbol }) => symbol);
  const headings = tradeHeadings(symbols);
  if (trades.length === 0) return html`<p>No trade was closed.</p>`;
  const hidden = trades.length - 2 * EDGE_ROWS;
  const row = (cells: readonly string[]) =>
    html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  const rows = trades.map((trade, i) =>
    i < EDGE_ROWS || i >= trades.length - EDGE_ROWS || hidden <= 0
      ? row(tradeRow(trade, i, symbols))
      : '',
  );
  if (hidden > 0) {
    rows[EDGE_ROWS] =
      html`<tr><td colspan="${headings.length}" class="quiet">… ${formatNumber(hidden, 0)} more …</td></tr>`;
  }
  const inPage = trades.length < TRADES_IN_PAGE_MAX;
  return html`<div class="scroll"><table id="trades"><thead><tr>${headings.map((h) => html`<th>${h}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>
${hidden > 0 && inPage ? html`<button id="show-all" type="button">Show all ${trades.length} trades</button>` : ''}
${inPage ? html`<button id="save-csv" type="button">Save as CSV</button>` : html`<p class="quiet">The page carries the first and the last ${EDGE_ROWS} of ${formatNumber(trades.length, 0)} trades; the result has them all.</p>`}`;
}
