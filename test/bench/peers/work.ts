import { CAPTURE_ROWS, CAPTURE_TICK } from './depth.ts';

/** What a contender has to do: the same for all of them, handed over as JSON beside the raw columns. */
export interface Work {
  readonly name: string;
  /**
   * `cross`: long with all cash while SMA(fast) > SMA(slow), decided at the close, filled at the next open.
   * `unit`: the same with one unit. `bracket`: test/bench/strategies/bracket-cross. `cells`: alternate. `indicator`:
   * columns of one indicator. `cold`: `cross` in a process of its own, on stored bars. `quotes`: test/engine/book/two-quotes on rows of depth.
   */
  readonly kind: 'cross' | 'unit' | 'bracket' | 'cells' | 'indicator' | 'cold' | 'quotes';
  readonly rows: number;
  /** Fraction of notional, each side; of `quotes` for takers. */
  readonly fee: number;
  readonly cash: number;
  /** Rows before it trade nothing. */
  readonly firstRow: number;
  /**
   * [fast, slow] of `cross`, `unit` and `bracket`, [units] of `cells`; of `quotes` [tick size, lot, latency each way in
   * ms, ticks away, most lots, fee of makers].
   */
  readonly configs: readonly (readonly number[])[];
  /** The name of the indicator. */
  readonly indicator?: string;
}

export type ContenderName =
  | 'StreamScalp'
  | 'plain loop'
  | 'C -O3'
  | 'vectorbt rust'
  | 'vectorbt numba'
  | 'backtesting'
  | 'backtrader'
  | 'nautilus_trader'
  | 'hftbacktest vector'
  | 'hftbacktest hash';

/** A workload of the comparison: the work, who takes part, and what we want of ourselves. */
export interface Workload {
  readonly work: Work;
  readonly what: string;
  readonly contenders: readonly ContenderName[];
  readonly runs: number;
  /** Figures are times divided by `cells`, in `unit`. */
  readonly figure: string;
  readonly unit: 'ns' | 's';
  readonly cells: number;
  readonly goal?: number;
  /** How many times faster than each peer, and how many times smaller, we want to be. */
  readonly goalFaster?: number;
  readonly goalSmaller?: number;
  /** What differs in the peer's rules, and what was done so that the work is the same. */
  readonly rules: string;
  /** What we do that the limit does not, where no table of times says it; absent where there is no limit. */
  readonly beyondLimit?: string;
}

const FEE = 0.001;
const VECTORBT = ['vectorbt rust', 'vectorbt numba'] as const;
const LIMITS = ['plain loop', 'C -O3'] as const;

/** Pairs that lie within the bounds of the strategy: fast up to 100, slow from 50 to 400. */
function pairs(count: number): number[][] {
  const fasts = Math.min(99, Math.round(Math.sqrt(count)));
  return Array.from({ length: count }, (_, i) => [2 + (i % fasts), 50 + 3 * Math.floor(i / fasts)]);
}

/** Values after which each of our recursions has forgotten its start, far below the tolerance of the proof. */
const SETTLED = 2000;

const INDICATORS = [
  ['sma20', 5],
  ['rsi14', 15],
  ['macd', 15],
  ['bollinger', 15],
  ['atr14', 12],
] as const;

/**
 * All workloads.
 *
 * @param quick sizes for a look at whether all works; the figures then mean little
 * @param bracketWarmup inputs that the indicators of the bracket strategy need
 */
export function workloads(quick: boolean, bracketWarmup: number): Workload[] {
  const million = quick ? 20_000 : 1_000_000;
  const single = { kind: 'cross', fee: FEE, cash: 1e15, firstRow: 0, configs: [[10, 50]] } as const;
  // Fees take 26 digits of the busiest pairs' cash, and vectorbt takes less than 1e-12 for nothing.
  const sweep = { kind: 'cross', fee: FEE, cash: 1e30, firstRow: 0 } as const;
  const shifted =
    'vectorbt: signals are shifted by one bar and filled at the open, all cash, so that no rule differs; its equity is taken from its last orders, since its final_value() has lost the digits';
  const beyondLimit =
    'workers are started, and each config has orders, the risk gate, fees, an equity curve by day and its statistics, and is a ' +
    'trial in the ledger; the table under W1 says what one more config takes';
  const a = pairs(quick ? 40 : 1000);
  const b = pairs(quick ? 6 : 100);
  const rowsA = quick ? 2000 : 10_000;
  const columns = quick ? 50 : 1000;
  const depthRows = quick ? 60_000 : CAPTURE_ROWS;
  const all: Workload[] = [
    {
      work: { ...single, name: 'W1', rows: million },
      what: `one SMA(10)/SMA(50) cross over ${text(million)} bars, end to end with trades and equity`,
      contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
      runs: 7,
      figure: 'nsPerBar',
      unit: 'ns',
      cells: million,
      goal: 20,
      goalFaster: 5,
      rules: shifted,
    },
    {
      work: { ...sweep, name: 'W2a', rows: rowsA, configs: a },
      what: `${a.length} SMA pairs over ${text(rowsA)} bars`,
      contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
      runs: 5,
      figure: 'nsPerBarConfig',
      unit: 'ns',
      cells: rowsA * a.length,
      goal: 6,
      goalFaster: 15,
      goalSmaller: 8,
      rules: `${shifted}. We use all cores, the others one`,
      beyondLimit,
    },
    {
      work: { ...sweep, name: 'W2b', rows: million, configs: b },
      what: `${b.length} SMA pairs over ${text(million)} bars`,
      contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
      runs: 3,
      figure: 'nsPerBarConfig',
      unit: 'ns',
      cells: million * b.length,
      goal: 6,
      goalFaster: 20,
      goalSmaller: 25,
      rules: `${shifted}. We use all cores, the others one`,
      beyondLimit,
    },
    {
      work: { ...single, name: 'W3', kind: 'bracket', rows: million, firstRow: bracketWarmup - 1 },
      what: `SMA cross with a 2 ATR stop and a 3 ATR target, sized by risk, ${text(million)} bars`,
      contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
      runs: 7,
      figure: 'nsPerBar',
      unit: 'ns',
      cells: million,
      goal: 40,
      goalFaster: 4,
      rules:
        'vectorbt tries stops from the bar after the entry on, we from its open on: it therefore enters at the close, ' +
        'which in this data is the next open, and its entry rows count one more. Its ATR is no Wilder ATR: it gets one ' +
        'of ten lines of numba. Limits fill when touched, and a bar that exits does not enter, for both',
      beyondLimit:
        'what W1 has, and of each trade three orders with their states, of which one cancels another, and the risk gate asked of each',
    },
    ...INDICATORS.map(
      ([indicator, goal]): Workload => ({
        work: {
          ...single,
          name: `W4-${indicator}`,
          kind: 'indicator',
          rows: million,
          firstRow: SETTLED,
          configs: [],
          indicator,
        },
        what: `${indicator} of ${text(million)} values`,
        contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
        runs: 9,
        figure: 'nsPerValue',
        unit: 'ns',
        cells: million,
        goal,
        rules: `all lines are compared from row ${SETTLED} on, where the different starts of recursions are forgotten; vectorbt smooths RSI and ATR like Wilder when its ewm window is 27`,
        beyondLimit:
          'columns are allocated anew in each run, a NaN is passed over wherever it comes, and what streaming needs to go on is ' +
          'kept: windows in a ring, whose sums are made anew each time it wraps',
      }),
    ),
    {
      work: {
        name: 'W5',
        kind: 'quotes',
        rows: depthRows,
        fee: 0.0005,
        cash: 1e5,
        firstRow: 0,
        configs: [[CAPTURE_TICK, 0.001, 25, 0, 20, 0.0002]],
      },
      what: `a market maker with two quotes on ${text(depthRows)} rows of a recorded BTCUSDT book, both sides of 25 ms`,
      contenders: ['StreamScalp', 'hftbacktest vector', 'hftbacktest hash', ...LIMITS],
      runs: 9,
      figure: 'nsPerRow',
      unit: 'ns',
      cells: depthRows,
      goal: 200,
      rules:
        'quotes are one lot and join the queue by the square of its two parts, so that the rules in which hftbacktest differs ' +
        '(see match-book.ts) do not matter; fills are compared by side, maker or taker, microsecond and tick. Its vector book ' +
        'holds prices within 10 % of the market',
      beyondLimit:
        'books hold any price in pages, any number of orders may stand, messages are objects, the risk gate is asked of every ' +
        'order, rows are checked to be in order, and fills, an equity curve and the trial are kept',
    },
    {
      work: { ...single, name: 'W6', kind: 'cold', rows: million },
      what: `W1 in a fresh process on ${text(million)} stored bars: from its start to its end`,
      contenders: ['StreamScalp', ...VECTORBT],
      runs: 5,
      figure: 'seconds',
      unit: 's',
      cells: 1,
      goal: 0.35,
      rules: `${shifted}. Ours is \`lab backtest\` on Parquet in the store; vectorbt reads raw columns, which is less work, and has what numba compiled before in its cache`,
    },
    {
      work: {
        ...single,
        name: 'W7',
        kind: 'cells',
        rows: columns,
        cash: 1e9,
        configs: Array.from({ length: columns }, (_, i) => [i + 1]),
      },
      what: `${text(columns * columns)} orders: ${text(columns)} columns of ${text(columns)} bars, an order per cell`,
      contenders: ['StreamScalp', ...VECTORBT, ...LIMITS],
      runs: 7,
      figure: 'seconds',
      unit: 's',
      cells: 1,
      goal: 0.1,
      rules:
        'vectorbt: entries and exits by turns, filled at the open. We use all cores, the others one',
      beyondLimit:
        'workers are started and their code is compiled; each order is made, checked by the risk gate, sent through its states, ' +
        'and its fill, fee and trade are kept',
    },
    ...(
      [
        ['backtesting', 100_000, 3, 300, 'its sizes are whole units'],
        ['backtrader', 20_000, 3, 300, 'its fills can only be sized before they happen'],
        [
          'nautilus_trader',
          100_000,
          3,
          10,
          'its money has a fixed precision; it fills at the close, which in this data is the next open, and its rows count one more',
        ],
      ] as const
    ).map(([peer, rows, runs, goalFaster, why]): Workload => {
      const size = quick ? 5000 : rows;
      return {
        work: { ...single, name: `W1-${peer}`, kind: 'unit', rows: size, cash: 1e6 },
        what: `one SMA(10)/SMA(50) cross of one unit over ${text(size)} bars, beside ${peer}`,
        contenders: ['StreamScalp', peer],
        runs,
        figure: 'nsPerBar',
        unit: 'ns',
        cells: size,
        goalFaster,
        rules: `${peer}: one unit instead of all cash, since ${why}`,
      };
    }),
  ];
  return quick ? all.map(withoutGoals) : all;
}

/** Small sizes measure how long things take to start. */
function withoutGoals({ goal, goalFaster, goalSmaller, ...rest }: Workload): Workload {
  return rest;
}

function text(count: number): string {
  return count.toLocaleString('en');
}
