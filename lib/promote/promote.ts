import { backtest } from '../backtest.ts';
import { LabError } from '../core/errors.ts';
import { DAY } from '../core/time.ts';
import { memoryFeed } from '../feed/memory-feed.ts';
import type { Config } from '../optimize/space.ts';
import type { OneHistory } from '../optimize/sweep-history.ts';
import {
  type Validation,
  type WalkForwardSettings,
  walkForward,
} from '../optimize/walk-forward.ts';
import { assumptions, describedRun } from '../run.ts';
import { codeIdentity } from './code-identity.ts';
import { type Passport, sealPassport } from './passport.ts';

export interface PromoteOptions extends WalkForwardSettings, OneHistory {
  /** The parameters to promote. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Days until the passport expires. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Backtests the parameters, validates the strategy around them, and seals what was found in a passport for paper
 * trading. The passport says whether an edge was established; paper is where one that was not costs nothing.
 *
 * @throws LabError `refused` for an account in another currency than the instrument's, for a strategy that hears news, and for finer bars
 */
export async function promote(
  options: PromoteOptions,
): Promise<{ passport: Passport; validation: Validation }> {
  const { strategy, instrument, timeframe, bars, params, signal, now, days } = options;
  const run = assumptions(options);
  if (run.currency !== undefined && run.currency !== instrument.quote) {
    throw new LabError(
      'refused',
      `${instrument.symbol} is quoted in ${instrument.quote} and the account is kept in ${run.currency}; a passport carries no exchange rates, so promote it in ${instrument.quote}`,
    );
  }
  if (run.finer) {
    throw new LabError(
      'refused',
      'finer bars settle what one bar leaves open, and paper trading has none; promote without them, which takes the worse',
    );
  }
  if (run.news) {
    throw new LabError(
      'refused',
      `${strategy.definition.name} hears news, and paper trading has none to hand it yet; promote what trades by bars`,
    );
  }
  const feed = memoryFeed(instrument, timeframe, bars, options.known);
  const result = await backtest({ ...run, feed, strategy, params, signal });
  const validation = await walkForward(options);
  const { sharpe, sharpeStdErr, totalReturn, maxDrawdown, trades } = result.metrics;
  const passport = sealPassport({
    version: 1,
    rung: 'paper',
    strategy: strategy.definition.name,
    code: await codeIdentity(strategy),
    params: result.params as Config,
    market: { instrument, timeframe },
    data: { hash: result.dataHash, bars: result.bars, fromTs: result.fromTs, toTs: result.toTs },
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
