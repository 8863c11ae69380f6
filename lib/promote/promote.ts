import { backtest } from '../backtest.ts';
import { LabError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import type { Config } from '../optimize/space.ts';
import { historyInMemory, type SweepHistory } from '../optimize/sweep-history.ts';
import {
  type Validation,
  type WalkForwardSettings,
  walkForward,
} from '../optimize/walk-forward.ts';
import { assumptions, describedRun } from '../run.ts';
import { barSeries, inputSeries } from '../store/input-series.ts';
import { codeIdentity } from './code-identity.ts';
import { type Passport, sealPassport } from './passport.ts';

interface PromoteSettings extends WalkForwardSettings {
  /** The parameters to promote. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Days until the passport expires. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type PromoteOptions = PromoteSettings & SweepHistory;

/**
 * Backtests the parameters, validates the strategy around them, and seals what was found in a passport for paper
 * trading. The passport names every series that was read by its hash, and says whether an edge was established; paper is where one that was not costs nothing.
 *
 * @throws LabError `refused` for exchange rates, finer bars or news that came from no store
 */
export async function promote(
  options: PromoteOptions,
): Promise<{ passport: Passport; validation: Validation }> {
  const { strategy, params, signal, now, days } = options;
  const run = assumptions(options);
  const { feed, columns } = historyInMemory(options);
  const { instruments, timeframe } = feed;
  const inputs = inputSeries(run);
  if (inputs.unstored.length > 0) {
    throw new LabError(
      'refused',
      `${inputs.unstored.join(' and ')} came from no store, so that nobody could look at them again; read them with storeRates, store.bars, storeNews, storeFunding and corporateActions`,
    );
  }
  const result = await backtest({ ...run, feed, strategy, params, signal });
  const validation = await walkForward(options);
  const { sharpe, sharpeStdErr, totalReturn, maxDrawdown, trades } = result.metrics;
  const passport = sealPassport({
    version: 2,
    rung: 'paper',
    strategy: strategy.definition.name,
    code: await codeIdentity(strategy),
    params: result.params as Config,
    market: { instruments: [...instruments], timeframe },
    data: {
      hash: result.dataHash,
      bars: result.bars,
      fromTs: result.fromTs,
      toTs: result.toTs,
      series: [
        ...columns.map((bars, k) => barSeries({ ...instruments[k]!, timeframe }, bars, 'bars')),
        ...inputs.series,
      ],
    },
    run: describedRun(run),
    backtest: {
      fingerprint: result.fingerprint,
      sharpe: known(sharpe),
      sharpeStdErr: known(sharpeStdErr),
      totalReturn: known(totalReturn),
      maxDrawdown: known(maxDrawdown),
      trades,
    },
    validation: {
      verdict: validation.verdict,
      reasons: [...validation.reasons],
      outOfSampleSharpe: known(validation.outOfSample.sharpe),
      outOfSamplePsr: known(validation.outOfSample.psr),
      deflatedSharpe: known(validation.inSample.dsr),
      trials: validation.trials,
    },
    created: now,
    expires: now + days * DAY,
  });
  return { passport, validation };
}

/** NaN has no JSON. */
function known(x: number): number | null {
  return Number.isNaN(x) ? null : x;
}
