import { ColumnHash } from './core/column-hash.ts';
import { fingerprint } from './core/fingerprint.ts';
import type { Millis } from './core/time.ts';
import type { Inputs } from './engine/declared-indicators.ts';
import type { Engine } from './engine/engine.ts';
import type { FillColumns } from './engine/fill-columns.ts';
import { type IndicatorColumn, indicatorColumns } from './engine/indicator-columns.ts';
import type { SimBroker } from './engine/sim/sim-broker.ts';
import type { StrategyDefinition } from './engine/strategy.ts';
import { openedInGaps } from './feed/opened-in-gaps.ts';
import type { BarColumns } from './market/bar.ts';
import { accountCalendar, PERIODS_PER_YEAR } from './market/calendar.ts';
import type { BarFeed } from './market/feed.ts';
import { type Gap, missingBars } from './market/gaps.ts';
import type { Instrument } from './market/instrument.ts';
import { describedRun, indicatorsFor, type RunAssumptions } from './run.ts';
import { type Metrics, metrics } from './stats/metrics.ts';
import { type Trade, tradesFromFills } from './stats/trades.ts';
import type { Fill } from './trading/fill.ts';
import type { CashKind, Ledger } from './trading/ledger.ts';

interface Finished {
  readonly trialId: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly codeHash: string;
  readonly dataHash: string;
  readonly feed: BarFeed;
  readonly definition: StrategyDefinition;
  readonly run: RunAssumptions;
  readonly engine: Engine;
  readonly broker: SimBroker;
  readonly ledger: Ledger;
  readonly fromTs: Millis;
  /** By instrument; those without any are left out. */
  readonly gaps: ReadonlyMap<number, readonly Gap[]>;
}

/** What of the history of a run is unknown, and what came of it. */
export interface GapSummary {
  readonly count: number;
  /** Bars that would fit. */
  readonly missing: number;
  /** Trades that were opened inside one: at a price of the first bar after it, by an order from before it. */
  readonly tradesOpened: number;
}

/** What a backtest found, and what it assumed. Everything but `trialId` follows from the inputs, to the last bit. */
export class BacktestResult {
  readonly trialId: string;
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** In the order of the run. */
  readonly instruments: readonly Instrument[];
  readonly timeframe: string;
  readonly run: RunAssumptions;
  /** Bars the engine went through, warm-up included. */
  readonly bars: number;
  /** Open of the first bar and close of the last. */
  readonly fromTs: Millis;
  readonly toTs: Millis;
  readonly metrics: Metrics;
  readonly trades: readonly Trade[];
  /** Equity at each bar's close. */
  readonly equity: { readonly ts: Float64Array; readonly value: Float64Array };
  readonly ledger: Ledger;
  /** Orders that the risk gate denied and that the broker rejected. */
  readonly denied: number;
  readonly rejected: number;
  /** Exits where one bar reached both the stop and the target, taken as stops. */
  readonly ambiguousExits: number;
  /** Orders by which the venue took a position, or a part of it, because its margin was gone. */
  readonly liquidations: number;
  /** Units held at the end, and what one of them was worth then in the currency of the account, by instrument. */
  readonly held: Float64Array;
  /** Other than 0 only where `gaps: 'allow'` let the run go over them. */
  readonly gaps: GapSummary;
  readonly lastWorth: Float64Array;
  /** Of cash, equity, fees, PnL and metrics; prices and the fees of fills are in the instrument's own. */
  readonly currency: string;
  /** The rate at which the money of each fill was exchanged; undefined where everything is of one currency. */
  readonly rates: readonly number[] | undefined;
  /** Cash beside fills, summed by what for; below 0 where the account paid. The ledger has each entry. */
  readonly flows: Readonly<Record<CashKind, number>>;
  readonly codeHash: string;
  readonly dataHash: string;
  readonly #definition: StrategyDefinition;
  readonly #recorded: FillColumns;
  #fills: readonly Fill[] | undefined;
  #fingerprint: string | undefined;

  constructor(finished: Finished) {
    const { engine, broker, feed, run } = finished;
    const { recorder, portfolio } = engine;
    const { exchange } = portfolio;
    const { ts, equity } = recorder.curve();
    this.trialId = finished.trialId;
    this.#definition = finished.definition;
    this.strategy = finished.strategy;
    this.params = finished.params;
    this.instruments = feed.instruments;
    this.timeframe = feed.timeframe;
    this.run = run;
    this.bars = recorder.bars;
    this.fromTs = finished.fromTs;
    this.toTs = ts[ts.length - 1]!;
    this.#recorded = recorder.fills;
    this.trades = tradesFromFills(
      recorder.fills.passing(),
      broker.events?.splits,
      exchange?.fillRates,
    );
    this.equity = { ts, value: equity };
    this.ledger = finished.ledger;
    this.denied = engine.denied;
    this.rejected = engine.rejected;
    this.ambiguousExits = broker.ambiguousExits;
    this.liquidations = broker.liquidator?.liquidations ?? 0;
    this.held = portfolio.qty;
    this.lastWorth = portfolio.lastPrice.map((price, k) => price * (exchange?.rates[k] ?? 1));
    this.rates = exchange?.fillRates;
    this.currency = run.currency ?? this.instrument.quote;
    this.flows = { ...portfolio.flows };
    this.gaps = summaryOf(finished.gaps, recorder.fills, broker.events?.splits);
    this.codeHash = finished.codeHash;
    this.dataHash = finished.dataHash;
    const calendar = accountCalendar(feed.instruments);
    this.metrics = metrics({
      ts,
      equity,
      cash: run.cash,
      trades: this.trades,
      exposure: recorder.barsInMarket / recorder.bars,
      fees: portfolio.fees,
      traded: recorder.traded,
      periodsPerYear: PERIODS_PER_YEAR[calendar],
      calendar,
    });
  }

  /** The first of the run, and in most runs the only one. */
  get instrument(): Instrument {
    return this.instruments[0]!;
  }

  /** Made when they are asked for: most readers look at the trades. */
  get fills(): readonly Fill[] {
    this.#fills ??= [...this.#recorded];
    return this.#fills;
  }

  /**
   * SHA-256 over code, parameters, data, assumptions, fills and equity. Equal on every machine that ran the same.
   *
   * The second version: fills by the bytes of their numbers, where the first, of passports that do not say a version,
   * had each as JSON.
   */
  get fingerprint(): string {
    this.#fingerprint ??= fingerprint({
      version: 2,
      code: this.codeHash,
      params: this.params,
      data: this.dataHash,
      run: describedRun(this.run),
      fills: hashColumn(this.#recorded.numbers()),
      equity: hashColumn([this.equity.value]),
    });
    return this.#fingerprint;
  }

  /** The indicators the strategy of a run of one instrument declared, over its bars: what it read bar by bar. */
  indicators(bars: BarColumns): IndicatorColumn[] {
    const { instrument, timeframe } = this;
    const indicators = indicatorsFor({ instruments: [instrument], timeframe });
    const declare = (inputs: Inputs) => this.#definition.create(this.params, inputs);
    return indicatorColumns(indicators, declare, bars);
  }

  /**
   * The contract other programs read: plain JSON, times in UTC milliseconds, fractions, full precision. A run of several
   * instruments says `symbols` where that of one says `symbol`, and each of its trades and fills says whose it is. Where money is
   * exchanged, each fill also has the rate at which its value and its fee were.
   */
  toJSON() {
    const { run, instruments } = this;
    const assumed = describedRun(run);
    const several = instruments.length > 1;
    const whose = (k: number) => several && { symbol: instruments[k]!.symbol };
    return {
      strategy: this.strategy,
      params: this.params,
      ...(several
        ? { symbols: instruments.map(({ symbol }) => symbol) }
        : { symbol: this.instrument.symbol }),
      venue: this.instrument.venue,
      timeframe: this.timeframe,
      synthetic: instruments.some(({ synthetic }) => synthetic),
      bars: this.bars,
      fromTs: this.fromTs,
      toTs: this.toTs,
      cash: run.cash,
      ...(this.rates && { currency: this.currency, conversionBps: run.conversionBps }),
      costs: run.costs.name,
      costModel: run.costs,
      limits: run.limits,
      fillsRule: run.fills,
      leverage: run.leverage,
      ...(assumed.margin && { margin: assumed.margin }),
      ...(assumed.borrow && { borrow: assumed.borrow }),
      ...(assumed.streams && { streams: assumed.streams }),
      metrics: this.metrics,
      trades: this.trades.map(({ instrument, ...trade }) => ({ ...whose(instrument), ...trade })),
      fills: this.fills.map(({ ts, instrument, side, qty, price, fee, liquidity }, i) => ({
        ts,
        ...whose(instrument),
        side: side === 1 ? 'buy' : 'sell',
        qty,
        price,
        fee,
        liquidity,
        ...(this.rates && { rate: this.rates[i] }),
      })),
      equity: { ts: Array.from(this.equity.ts), value: Array.from(this.equity.value) },
      denied: this.denied,
      rejected: this.rejected,
      ambiguousExits: this.ambiguousExits,
      liquidations: this.liquidations,
      flows: this.flows,
      gaps: this.gaps,
      fingerprint: this.fingerprint,
      trialId: this.trialId,
    };
  }
}

function summaryOf(
  found: ReadonlyMap<number, readonly Gap[]>,
  fills: Iterable<Fill>,
  splits: Parameters<typeof tradesFromFills>[1],
): GapSummary {
  const summary = { count: 0, missing: 0, tradesOpened: 0 };
  for (const [k, gaps] of found) {
    const own = [...fills].filter(({ instrument }) => instrument === k);
    const opened = tradesFromFills(own, splits).map(({ openTs }) => openTs);
    summary.count += gaps.length;
    summary.missing += missingBars(gaps);
    summary.tradesOpened += openedInGaps(opened, gaps);
  }
  return summary;
}

function hashColumn(blocks: Iterable<Float64Array>): string {
  const hash = new ColumnHash(1);
  for (const block of blocks) hash.update([block]);
  return hash.digest();
}
