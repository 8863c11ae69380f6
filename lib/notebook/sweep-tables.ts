import type { SweepResult } from '../optimize/sweep.ts';
import type { Validation } from '../optimize/walk-forward.ts';
import { formatNumber, formatPercent } from '../report/format.ts';
import { html as template } from '../report/html.ts';
import type { Displayable } from './mime-bundle.ts';
import { html, stack } from './output.ts';
import { table } from './table.ts';

const ratio = (x: number) => formatNumber(x, 2);

/** The best trials of a sweep, each Sharpe ratio beside its standard error. @param top how many; 10 by default */
export function bestTrials(sweep: SweepResult, top = 10): Displayable {
  const rows = sweep.trials.slice(0, top).map(({ params, metrics }) => ({
    ...params,
    Sharpe: metrics.sharpe,
    '± std error': metrics.sharpeStdErr,
    return: metrics.totalReturn,
    'max drawdown': metrics.maxDrawdown,
    trades: metrics.trades,
  }));
  return table(rows, {
    rows: top,
    format: {
      Sharpe: ratio,
      '± std error': ratio,
      return: formatPercent,
      'max drawdown': formatPercent,
    },
  });
}

/** The steps of a walk forward: what was chosen, what it had promised, and what it then did. */
export function walkForwardSteps(validation: Validation): Displayable {
  const rows = validation.folds.map((fold) => ({
    'test from': new Date(fold.test.from),
    'test to': new Date(fold.test.to),
    ...fold.params,
    'Sharpe before': fold.trainSharpe,
    'Sharpe after': fold.testSharpe,
    'return after': fold.testReturn,
  }));
  return table(rows, {
    format: { 'Sharpe before': ratio, 'Sharpe after': ratio, 'return after': formatPercent },
  });
}

/** What a validation concludes, and why. */
export function conclusion(validation: Validation): Displayable {
  const { outOfSample: out, inSample, trials, efficiency, verdict, reasons } = validation;
  return stack(
    table([
      {
        '': 'out of sample, all test periods',
        Sharpe: `${ratio(out.sharpe)} ± ${ratio(out.sharpeStdErr)}`,
        'probability that it is real': `${formatPercent(out.psr)} (PSR)`,
      },
      {
        '': `in sample, best of ${trials} trials`,
        Sharpe: ratio(inSample.sharpe),
        'probability that it is real': `${formatPercent(inSample.dsr)} (DSR)`,
      },
    ]),
    html(
      template`<p>Sharpe after over Sharpe before: ${ratio(efficiency)}. Verdict: <b>${verdict}</b></p><ul>${reasons.map((reason) => template`<li>${reason}</li>`)}</ul>`
        .text,
    ),
  );
}
