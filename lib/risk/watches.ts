import type { Millis } from '../core/time.ts';
import type { Side } from '../trading/order.ts';
import { leadsTo, type WatchCode } from './codes.ts';
import { DailyLossWatch } from './daily-loss-watch.ts';
import { DataGapWatch } from './data-gap-watch.ts';
import { DrawdownWatch } from './drawdown-watch.ts';
import type { RiskLimits } from './limits.ts';
import { LossStreakWatch } from './loss-streak-watch.ts';
import { RejectRateWatch } from './reject-rate-watch.ts';
import { SlippageWatch } from './slippage-watch.ts';
import type { TradingLatch } from './trading-state.ts';

/** An absent limit is one that nothing reaches. */
const NEVER = Number.POSITIVE_INFINITY;

/**
 * What is watched after trades, over one account: each method is told of what happened, and brings trading to the state
 * the tripped code leads to. True when the state moved: then the caller does what entering that state asks for.
 */
export class Watches {
  readonly drawdown: DrawdownWatch;
  readonly dailyLoss: DailyLossWatch;
  readonly lossStreak: LossStreakWatch;
  readonly rejectRate: RejectRateWatch;
  readonly slippage: SlippageWatch;
  readonly gaps: readonly DataGapWatch[];
  private readonly latch: TradingLatch;
  /** A losing account makes a new low at most bars, and without a limit nobody asks for the day. */
  private readonly asksForDay: boolean;

  constructor(limits: RiskLimits, latch: TradingLatch, equity: number, instruments: number) {
    this.latch = latch;
    this.asksForDay = limits.maxDailyLoss !== undefined;
    this.drawdown = new DrawdownWatch(equity, limits.maxDrawdown ?? 1);
    this.dailyLoss = new DailyLossWatch(equity, limits.maxDailyLoss ?? NEVER);
    this.lossStreak = new LossStreakWatch(limits.maxLossStreak ?? NEVER);
    this.rejectRate = new RejectRateWatch(limits.maxRejectRate ?? NEVER);
    this.slippage = new SlippageWatch(limits.maxSlippageBps ?? NEVER);
    this.gaps = Array.from(
      { length: instruments },
      () => new DataGapWatch(limits.maxDataGap ?? NEVER),
    );
  }

  /** Equity was marked. */
  onMark(ts: Millis, equity: number): boolean {
    const fell = this.drawdown.observe(equity);
    const lost = this.asksForDay && this.dailyLoss.observe(ts, equity);
    if (fell) return this.trip('drawdown', `equity ${equity} of its peak ${this.drawdown.peak}`);
    return lost && this.trip('daily-loss', `equity ${equity} of ${this.dailyLoss.dayEquity}`);
  }

  /** A position was closed or turned; `pnl` of the trade that ended, fees included. */
  onTrade(pnl: number): boolean {
    if (!this.lossStreak.observeTrade(pnl)) return false;
    return this.trip('loss-streak', `${this.lossStreak.streak} losing trades in a row`);
  }

  /** The venue accepted or rejected an order. */
  onAnswer(rejected: boolean): boolean {
    return this.rejectRate.observeOrder(rejected) && this.trip('reject-rate', 'too many rejects');
  }

  /** An order filled at `price` where the cost model expected `expected`. */
  onFill(side: Side, qty: number, price: number, expected: number): boolean {
    return (
      this.slippage.observeFill(side, qty, price, expected) &&
      this.trip('slippage', 'fills are worse than the model')
    );
  }

  /** A price of the instrument came, or with `price` false only time passed. */
  onTime(instrument: number, ts: Millis, price: boolean): boolean {
    return this.gaps[instrument]!.observe(ts, price) && this.trip('data-gap', `silent until ${ts}`);
  }

  private trip(code: WatchCode, told: string): boolean {
    const to = leadsTo(code);
    return this.latch.fall(to, `${code}: ${told}`);
  }
}
