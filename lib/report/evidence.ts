import { deflatedSharpe } from '../stats/deflated-sharpe.ts';
import type { Metrics } from '../stats/metrics.ts';
import { formatNumber, formatPercent } from './format.ts';
import { formatMetric } from './tables.ts';

/**
 * Sentences about how far the Sharpe ratio can be trusted: the sample it comes from and the number of trials it was
 * chosen from.
 *
 * @param refused              why the Sharpe ratio is not to be shown, where it is not
 * @param trials               tried in this family, this one included
 * @param trialSharpeVariance  of the per-period Sharpe ratios across them; without it the trials are taken for
 *                             independent and worthless, whose ratios vary by 1 / (n − 1)
 */
export function evidence(
  metrics: Metrics,
  refused: string | undefined,
  trials: number,
  trialSharpeVariance: number | undefined,
): string[] {
  const { n, periodsPerYear, sharpe, sharpeStdErr, skew, kurtosis } = metrics;
  const sentences = [
    `${formatNumber(n, 0)} daily returns and ${formatNumber(metrics.trades, 0)} closed trades, annualized by ${periodsPerYear}.`,
  ];
  if (refused !== undefined) {
    sentences.push(`Sharpe refused: ${refused}.`, `Trials of this family so far: ${trials}.`);
    return sentences;
  }
  if (!Number.isFinite(sharpe)) {
    sentences.push('The returns never vary, or there are too few of them: no Sharpe ratio exists.');
    return sentences;
  }
  const interval = [sharpe - 1.96 * sharpeStdErr, sharpe + 1.96 * sharpeStdErr];
  sentences.push(
    `Sharpe ${formatNumber(sharpe, 2)}, standard error ${formatNumber(sharpeStdErr, 2)} (Mertens; ${formatNumber(metrics.sharpeStdErrLo, 2)} ` +
      `where returns are correlated in time): with 95% confidence between ${formatNumber(interval[0]!, 2)} and ${formatNumber(interval[1]!, 2)}.`,
    `The probability that the true Sharpe is above 0 is ${formatPercent(metrics.psr)}` +
      (Number.isFinite(metrics.minTrackRecordLength)
        ? `; days needed for 95%: ${formatMetric('minTrackRecordLength', metrics.minTrackRecordLength)}.`
        : '; no length of such a record would raise it to 95%.'),
  );
  const dsr = deflatedSharpe(
    sharpe / Math.sqrt(periodsPerYear),
    n,
    skew,
    kurtosis,
    trials,
    trialSharpeVariance ?? 1 / (n - 1),
  );
  sentences.push(
    trials <= 1
      ? 'This is the first trial of its family, so nothing is deflated for choosing.'
      : `Chosen from ${formatNumber(trials, 0)} trials: the deflated Sharpe ratio, the probability that it beats the best of as many ` +
          `worthless ones, is ${formatPercent(dsr)}` +
          (trialSharpeVariance === undefined
            ? ' (taking the trials for independent and without edge).'
            : '.'),
  );
  return sentences;
}
