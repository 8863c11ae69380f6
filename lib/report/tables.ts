import { type Refusal, refusedReasons } from '../stats/linter.ts';
import type { Metrics } from '../stats/metrics.ts';
import { formatAmount, formatDuration, formatNumber, formatPercent } from './format.ts';

/** How a number is written. */
type Kind = 'percent' | 'probability' | 'ratio' | 'money' | 'count' | 'record' | 'duration';

export type MetricGroup = 'Return' | 'Risk' | 'Confidence' | 'Activity' | 'Trades';

/** How one metric is shown to people. */
interface Face {
  readonly label: string;
  readonly group: MetricGroup;
  readonly kind: Kind;
}

/** Every metric with its label, in the order in which tables show them. */
export const METRIC_FACES: Readonly<Record<keyof Metrics, Face>> = {
  totalReturn: { label: 'Total return', group: 'Return', kind: 'percent' },
  cagr: { label: 'CAGR', group: 'Return', kind: 'percent' },
  sharpe: { label: 'Sharpe', group: 'Return', kind: 'ratio' },
  sortino: { label: 'Sortino', group: 'Return', kind: 'ratio' },
  calmar: { label: 'Calmar', group: 'Return', kind: 'ratio' },
  omega: { label: 'Omega', group: 'Return', kind: 'ratio' },
  maxDrawdown: { label: 'Max drawdown, every bar', group: 'Risk', kind: 'percent' },
  maxDrawdownGrid: { label: 'Max drawdown, daily', group: 'Risk', kind: 'percent' },
  volatility: { label: 'Volatility, annual', group: 'Risk', kind: 'percent' },
  ulcer: { label: 'Ulcer index', group: 'Risk', kind: 'percent' },
  var95: { label: 'VaR 95%, daily', group: 'Risk', kind: 'percent' },
  cvar95: { label: 'CVaR 95%, daily', group: 'Risk', kind: 'percent' },
  tailRatio: { label: 'Tail ratio', group: 'Risk', kind: 'ratio' },
  n: { label: 'Daily returns', group: 'Confidence', kind: 'count' },
  periodsPerYear: { label: 'Periods per year', group: 'Confidence', kind: 'count' },
  sharpeStdErr: { label: 'Sharpe std error', group: 'Confidence', kind: 'ratio' },
  sharpeStdErrLo: { label: 'Sharpe std error, autocorrelated', group: 'Confidence', kind: 'ratio' },
  psr: { label: 'PSR, true Sharpe > 0', group: 'Confidence', kind: 'probability' },
  minTrackRecordLength: { label: 'Days needed for PSR 95%', group: 'Confidence', kind: 'record' },
  skew: { label: 'Skewness', group: 'Confidence', kind: 'ratio' },
  kurtosis: { label: 'Kurtosis (normal: 3)', group: 'Confidence', kind: 'ratio' },
  exposure: { label: 'Exposure', group: 'Activity', kind: 'percent' },
  turnover: { label: 'Turnover, × equity', group: 'Activity', kind: 'ratio' },
  fees: { label: 'Fees paid', group: 'Activity', kind: 'money' },
  trades: { label: 'Trades', group: 'Trades', kind: 'count' },
  winRate: { label: 'Win rate', group: 'Trades', kind: 'percent' },
  profitFactor: { label: 'Profit factor', group: 'Trades', kind: 'ratio' },
  expectancy: { label: 'Expectancy', group: 'Trades', kind: 'money' },
  avgWin: { label: 'Average win', group: 'Trades', kind: 'money' },
  avgLoss: { label: 'Average loss', group: 'Trades', kind: 'money' },
  payoff: { label: 'Payoff, win / loss', group: 'Trades', kind: 'ratio' },
  sqn: { label: 'SQN', group: 'Trades', kind: 'ratio' },
  bestTrade: { label: 'Best trade', group: 'Trades', kind: 'money' },
  worstTrade: { label: 'Worst trade', group: 'Trades', kind: 'money' },
  longestWinStreak: { label: 'Longest win streak', group: 'Trades', kind: 'count' },
  longestLossStreak: { label: 'Longest loss streak', group: 'Trades', kind: 'count' },
  avgTradeMs: { label: 'Average holding time', group: 'Trades', kind: 'duration' },
  bestThreeTradesShare: { label: 'PnL from best 3 trades', group: 'Trades', kind: 'percent' },
  bestDayShare: { label: 'Gain from best day', group: 'Return', kind: 'percent' },
};

export const METRIC_GROUPS: readonly MetricGroup[] = [
  'Return',
  'Risk',
  'Confidence',
  'Activity',
  'Trades',
];

const CENTURY_DAYS = 36_525;

const WRITE: Record<Kind, (value: number) => string> = {
  percent: (value) => formatPercent(value, Math.abs(value) < 0.1 ? 2 : 1),
  probability: (value) => formatPercent(value, 1),
  ratio: (value) => formatNumber(value, 2),
  money: formatAmount,
  count: (value) => formatNumber(Math.ceil(value), 0),
  record: (days) => (days > CENTURY_DAYS ? 'over a century' : formatNumber(Math.ceil(days), 0)),
  duration: formatDuration,
};

/** A metric as a person reads it: `12.3%`, `0.58`, `1,234.00`; `–` when it is not known. */
export function formatMetric(name: keyof Metrics, value: number): string {
  return WRITE[METRIC_FACES[name].kind](value);
}

/** The names of a group's metrics, in order. */
export function metricsOf(group: MetricGroup): (keyof Metrics)[] {
  const names = Object.keys(METRIC_FACES) as (keyof Metrics)[];
  return names.filter((name) => METRIC_FACES[name].group === group);
}

/** A metric, or `refused: reason`. A Sharpe ratio never stands without its standard error. */
export function metricText(
  metrics: Metrics,
  name: keyof Metrics,
  refused: ReadonlyMap<keyof Metrics, string>,
): string {
  const reason = refused.get(name);
  if (reason !== undefined) return `refused: ${reason}`;
  const text = formatMetric(name, metrics[name]);
  return name === 'sharpe' && Number.isFinite(metrics.sharpe)
    ? `${text} ± ${formatMetric('sharpeStdErr', metrics.sharpeStdErr)}`
    : text;
}

/**
 * The metrics as plain text for a terminal, a group under each heading.
 *
 * @param refusals what the linter said; those metrics show the reason in place of the number
 */
export function metricsTable(metrics: Metrics, refusals: readonly Refusal[]): string {
  const refused = refusedReasons(refusals);
  const width = Math.max(...Object.values(METRIC_FACES).map((face) => face.label.length));
  const lines: string[] = [];
  for (const group of METRIC_GROUPS) {
    lines.push(group);
    for (const name of metricsOf(group)) {
      const text = metricText(metrics, name, refused);
      lines.push(`  ${METRIC_FACES[name].label.padEnd(width)}  ${text}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
