import './inlining.ts';
import { LabError } from './core/errors.ts';
import { fingerprint, type Json } from './core/fingerprint.ts';
import { isoTime, type Millis } from './core/time.ts';
import { DeclaredIndicators } from './engine/declared-indicators.ts';
import { Engine } from './engine/engine.ts';
import type { CurveDetail } from './engine/recorder.ts';
import type { Span } from './engine/sim/account-events.ts';
import {
  type AccountRules,
  accountRules,
  hashOfColumns,
  mapped,
  streamHashes,
} from './engine/sim/account-rules.ts';
import { type CostModel, parseCosts } from './engine/sim/costs.ts';
import { FinerBars } from './engine/sim/finer-bars.ts';
import { LIMIT_FILLS, type LimitFills } from './engine/sim/match-bar.ts';
import { SimBroker } from './engine/sim/sim-broker.ts';
import type { StrategyDefinition } from './engine/strategy.ts';
import { createStrategy, strategyFailure } from './engine/strategy-failure.ts';
import type { LoadedStrategy } from './loader/strategy-file.ts';
import { BAR_COLUMNS, type BarChunk, type BarColumns } from './market/bar.ts';
import type { BarFeed } from './market/feed.ts';
import { InstrumentIndex } from './market/instrument.ts';
import { checkNews, type NewsColumns, newsHash } from './market/news.ts';
import type { SliceChunk } from './market/slice.ts';
import { type RiskLimits, riskLimitsSchema } from './risk/limits.ts';
import { Exchange } from './trading/exchange.ts';
import type { Ledger } from './trading/ledger.ts';

/** What a run assumes of the account and of reality; the same words in a backtest, a sweep, a passport and on paper. */
export interface RunAssumptions extends AccountRules {
  readonly costs: CostModel;
  /** Starting cash, in the currency of the account. */
  readonly cash: number;
  readonly limits: RiskLimits;
  readonly fills: LimitFills;
  /** Gross exposure the account may carry, as a multiple of equity. */
  readonly leverage: number;
  /** Most of a bar's volume that our orders may be, in (0, 1]; null for no limit. */
  readonly participation: number | null;
  /** Whether the run may go over time of which it is unknown if the market was quiet or data is lost; else it is refused. */
  readonly gaps?: GapRule | undefined;
  /** Bars of a lower timeframe, by symbol, which tell what came first inside one bar. */
  readonly finer?: Readonly<Record<string, BarColumns>> | undefined;
  /** What strategies with an `onNews` hear, ascending in availableTs. */
  readonly news?: NewsColumns | undefined;
}

export type GapRule = 'refuse' | 'allow';

/** Assumptions as a user gives them: only costs have no default. */
export type GivenAssumptions = Partial<RunAssumptions> & Pick<RunAssumptions, 'costs'>;

/** Fills in what may be left out, and checks what was given. @throws LabError `params` */
export function assumptions(given: GivenAssumptions): RunAssumptions {
  const { costs = parseCosts(undefined), cash = 100_000, fills = 'through' } = given;
  const rules = accountRules(given);
  const { leverage = rules.margin?.leverage ?? 1 } = given;
  const { participation = null, gaps = 'refuse' } = given;
  if (!(Number.isFinite(cash) && cash > 0)) {
    throw new LabError('params', `cash is ${cash}; expected a number above 0`);
  }
  if (!(Number.isFinite(leverage) && leverage > 0 && leverage <= 125)) {
    throw new LabError('params', `leverage is ${leverage}; expected a number in (0, 125]`);
  }
  if (rules.margin && rules.margin.leverage !== leverage) {
    throw new LabError(
      'params',
      `leverage is ${leverage} and margin.leverage ${rules.margin.leverage}; give the latter alone`,
    );
  }
  if (participation !== null && !(participation > 0 && participation <= 1)) {
    throw new LabError('params', `participation is ${participation}; expected a share in (0, 1]`);
  }
  if (!LIMIT_FILLS.includes(fills)) {
    throw new LabError('params', `fills is ${fills}; expected one of ${LIMIT_FILLS.join(', ')}`);
  }
  if (gaps !== 'refuse' && gaps !== 'allow') {
    throw new LabError('params', `gaps is ${String(gaps)}; expected 'refuse' or 'allow'`);
  }
  const { news, finer } = given;
  if (news) checkNews(news);
  for (const [symbol, bars] of Object.entries(finer ?? {})) {
    if (bars?.closeTs instanceof Float64Array) continue;
    throw new LabError(
      'data',
      `finer has no bars of ${symbol}; give columns of bars, as store.bars does`,
    );
  }
  const limits = checkedLimits(given.limits ?? {});
  return {
    costs,
    cash,
    limits,
    fills,
    leverage,
    participation,
    ...(gaps === 'allow' && { gaps }),
    ...(news && { news }),
    ...(finer && { finer }),
    ...rules,
  };
}

/** @throws LabError `params` naming each wrong limit, the value found and the bound */
function checkedLimits(given: RiskLimits): RiskLimits {
  const known = Object.keys(riskLimitsSchema.shape);
  const problems = Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${name} is not a limit; there are ${known.join(', ')}`);
  const parsed = riskLimitsSchema.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = path.join('.');
    if (name !== '') problems.push(`${name} is ${given[name as keyof RiskLimits]}: ${message}`);
  }
  if (parsed.success) return parsed.data as RiskLimits;
  throw new LabError('params', `wrong risk limits: ${problems.join('; ')}`);
}

/** A run's assumptions as they are written down: streams by their hashes, everything else as it is. */
export function describedRun(run: RunAssumptions) {
  const {
    funding: _funding,
    corporateActions: _actions,
    rates: _rates,
    news,
    finer,
    ...written
  } = run;
  const hashes = {
    ...streamHashes(run),
    ...(news && { news: newsHash(news) }),
    ...(finer && { finer: mapped(finer, hashOfBars) }),
  };
  const streams = Object.keys(hashes).length > 0 ? hashes : undefined;
  return { ...written, ...(streams && { streams }) };
}

function hashOfBars(bars: BarColumns): string {
  return hashOfColumns(BAR_COLUMNS.map((name) => bars[name]));
}

/** What the trial ledger remembers of a run beside code, data, parameters and costs: another rule is another trial. */
export function trialDetail(
  feed: Pick<BarFeed, 'instruments' | 'timeframe'>,
  run: RunAssumptions,
): Json {
  const { costs: _costs, cash: _cash, ...assumed } = describedRun(run);
  const symbols = feed.instruments.map(({ symbol }) => symbol);
  return { symbols, timeframe: feed.timeframe, ...assumed } as unknown as Json;
}

/** The strategy's definition, and the hash of its code where it came from a file, else of its text. */
export function identify(strategy: StrategyDefinition | LoadedStrategy): {
  definition: StrategyDefinition;
  codeHash: string;
} {
  if ('module' in strategy) {
    return { definition: strategy.definition, codeHash: strategy.module.codeHash };
  }
  return { definition: strategy, codeHash: fingerprint(strategy.create.toString()) };
}

/** The indicators of engines that will run over the same chunks. @param rows the most a chunk has, where it is known */
export function indicatorsFor(
  feed: Pick<BarFeed, 'instruments' | 'timeframe'>,
  run?: Pick<RunAssumptions, 'news'>,
  rows?: number,
): DeclaredIndicators {
  const between = run?.news !== undefined;
  const instruments = new InstrumentIndex(feed.instruments);
  return new DeclaredIndicators(instruments, feed.timeframe, between, rows);
}

/** When bars that are all known trade; undefined where they are not known. */
export function spanOf(
  bars: BarColumns | undefined,
  startTs = Number.NEGATIVE_INFINITY,
): Span | undefined {
  if (bars === undefined || bars.closeTs.length === 0) return undefined;
  return { from: Math.max(bars.openTs[0]!, startTs), to: bars.closeTs.at(-1)! };
}

export interface SimulatedEngineOptions {
  readonly indicators: DeclaredIndicators;
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  readonly run: RunAssumptions;
  readonly curve: CurveDetail;
  readonly ledger: Ledger | null;
  /** Bars that close before it warm the indicators and nothing else. */
  readonly startTs?: Millis | undefined;
  /** When it trades, where all bars are known: funding is checked before the first. */
  readonly span?: Span | undefined;
}

/** The money changer of the account; null where everything is of one currency. @throws LabError `params`, `data` */
function exchangeOf(instruments: InstrumentIndex, run: RunAssumptions): Exchange | null {
  const quotes = new Set<string>();
  for (let k = 0; k < instruments.size; k++) quotes.add(instruments.at(k).quote);
  const { rates = [], conversionBps, margin } = run;
  const [quote] = quotes;
  const { currency = quotes.size > 1 ? undefined : quote } = run;
  if (quotes.size <= 1 && currency === quote) return null;
  const found = `the instruments of this run are quoted in ${[...quotes].join(', ')}`;
  if (currency === undefined) {
    throw new LabError(
      'params',
      `${found}; say in which currency the account is kept, and give the rates of the others: currency, rates and conversionBps`,
    );
  }
  if (conversionBps === undefined) {
    throw new LabError(
      'params',
      `${found}, and its account is kept in ${currency}; say what an exchange costs: conversionBps, such as 2, or 0 for the brave`,
    );
  }
  if (margin) {
    throw new LabError(
      'params',
      `${found}, and its account is kept in ${currency}; a position on margin is settled in its own currency, so keep the account in that`,
    );
  }
  return new Exchange({ currency, rates, conversionBps }, instruments);
}

/** @throws LabError `params` for a limit on what bars do not have */
function refuseSpreadLimit({ maxSpreadBps }: RiskLimits): void {
  if (maxSpreadBps === undefined) return;
  throw new LabError(
    'params',
    `maxSpreadBps is ${maxSpreadBps}, and bars have no quotes to tell a spread by, so that every order which grows a position would be denied; leave the limit out on bars, it binds in backtestBook`,
  );
}

/** @throws LabError `data` for bars of a symbol that is not in the run */
function finerOf(instruments: InstrumentIndex, { finer }: RunAssumptions): FinerBars | undefined {
  if (finer === undefined) return undefined;
  for (const symbol of Object.keys(finer)) instruments.indexOf(symbol);
  return new FinerBars(
    Array.from({ length: instruments.size }, (_, k) => finer[instruments.at(k).symbol]),
  );
}

/** The wiring of backtests, sweeps and paper trading alike. */
export interface SimulatedEngine {
  readonly engine: Engine;
  readonly broker: SimBroker;
  /** `engine.drain`, with what the strategy throws told as the strategy's. @throws LabError `data` */
  readonly drain: (chunk: BarChunk) => void;
  /** The same for `engine.drainSlice`. */
  readonly drainSlice: (slice: SliceChunk) => void;
  /** Either, after the indicators: for an engine that has them to itself. */
  readonly take: (step: BarChunk | SliceChunk) => void;
}

/**
 * An engine with the simulated broker.
 *
 * @throws LabError `data` when the strategy cannot be made, or no rates lead to the currency of the account; `params` when
 * currencies have to be exchanged and nothing is said of how
 */
export function simulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const { definition, params, run, curve, ledger } = options;
  refuseSpreadLimit(run.limits);
  const brokers: SimBroker[] = [];
  const engine = new Engine(
    options.indicators,
    {
      universe: definition.universe ?? false,
      create: (inputs) => createStrategy(definition, params, inputs),
    },
    {
      cash: run.cash,
      exchange: exchangeOf(options.indicators.instruments, run),
      limits: run.limits,
      leverage: run.leverage,
      curve,
      ledger,
      news: run.news,
      startTs: options.startTs ?? Number.NEGATIVE_INFINITY,
      broker(desk) {
        const finer = finerOf(options.indicators.instruments, run);
        const broker = new SimBroker({ ...run, finer, span: options.span }, desk);
        brokers.push(broker);
        return broker;
      },
    },
  );
  const told =
    <Bars>(work: (bars: Bars) => void) =>
    (bars: Bars) => {
      try {
        work(bars);
      } catch (error) {
        const when = `at the bar that closed at ${isoTime(engine.now)}`;
        throw strategyFailure(error, definition.name, params, when);
      }
    };
  const drain = told((chunk: BarChunk) => engine.drain(chunk));
  const drainSlice = told((slice: SliceChunk) => engine.drainSlice(slice));
  const { indicators } = options;
  const take = (step: BarChunk | SliceChunk) => {
    if ('parts' in step) {
      indicators.computeSlice(step);
      drainSlice(step);
    } else {
      indicators.compute(step);
      drain(step);
    }
  };
  return { engine, broker: brokers[0]!, drain, drainSlice, take };
}
