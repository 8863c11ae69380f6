import { MINUTE } from '@streamscalp/lib/core/time';
import type { Context } from '@streamscalp/lib/engine/context';
import { type CostModel, costs } from '@streamscalp/lib/engine/sim/costs';
import { defineStrategy, type Strategy } from '@streamscalp/lib/engine/strategy';
import { allocateBars, type Bar, type BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument, type Instrument } from '@streamscalp/lib/market/instrument';
import {
  assumptions,
  type GivenAssumptions,
  indicatorsFor,
  simulatedEngine,
} from '@streamscalp/lib/run';
import type { Fill } from '@streamscalp/lib/trading/fill';
import type { LedgerEntry, SplitEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';
import { z } from 'zod';

/** Open, high, low, close. */
export type Ohlc = readonly [number, number, number, number];

/** Bars of one minute; the first opens at the epoch. */
export function minuteBars(rows: readonly Ohlc[]): BarColumns {
  const bars = allocateBars(rows.length);
  rows.forEach(([open, high, low, close], i) => {
    bars.openTs[i] = i * MINUTE;
    bars.closeTs[i] = (i + 1) * MINUTE;
    bars.open[i] = open;
    bars.high[i] = high;
    bars.low[i] = low;
    bars.close[i] = close;
    bars.volume[i] = 1;
  });
  return bars;
}

function finerBars(finer: NonNullable<PlayOptions['finer']>): BarColumns {
  const rows = Object.entries(finer).flatMap(([row, inner]) =>
    inner.map((ohlc, i) => ({
      ohlc,
      at: (Number(row) + i / inner.length) * MINUTE,
      count: inner.length,
    })),
  );
  const bars = minuteBars(rows.map(({ ohlc }) => ohlc));
  rows.forEach(({ at, count }, i) => {
    bars.openTs[i] = at;
    bars.closeTs[i] = at + MINUTE / count;
  });
  return bars;
}

/** A bar that never moves. */
export const still = (price: number): Ohlc => [price, price, price, price];

/** What happens on the close of a bar, by its number. */
export type Script = Readonly<Record<number, (ctx: Context, bar: Bar) => unknown>>;

export interface PlayOptions extends Partial<Omit<GivenAssumptions, 'finer'>> {
  readonly instrument?: Partial<Instrument>;
  readonly onFill?: Strategy['onFill'];
  readonly onOrder?: Strategy['onOrder'];
  /** Bars inside a bar, by its number; they share its time evenly. */
  readonly finer?: Readonly<Record<number, readonly Ohlc[]>>;
  /** Rows per chunk. */
  readonly chunk?: number;
}

export interface Played {
  readonly engine: ReturnType<typeof simulatedEngine>['engine'];
  readonly ambiguousExits: number;
  readonly liquidations: number;
  readonly splits: readonly SplitEntry[];
  readonly fills: readonly Fill[];
  readonly entries: readonly LedgerEntry[];
  /** Entries that ended an order without a fill, as `status: reason`. */
  readonly ends: readonly string[];
}

/** Runs a script over bars, free of costs and with 1,000 in cash unless the options say otherwise. */
export function play(
  bars: BarColumns | readonly Ohlc[],
  script: Script | ((bar: Bar, ctx: Context) => void),
  options: PlayOptions = {},
): Played {
  const columns = 'closeTs' in bars ? bars : minuteBars(bars);
  const { instrument, onFill, onOrder, finer, chunk: size = 1000, ...given } = options;
  const definition = defineStrategy({
    name: 'script',
    params: z.object({}),
    create() {
      let step = 0;
      const onBar =
        typeof script === 'function'
          ? script
          : (bar: Bar, ctx: Context) => void script[step++]?.(ctx, bar);
      return { onBar, ...(onFill && { onFill }), ...(onOrder && { onOrder }) };
    },
  });
  const indicators = indicatorsFor({
    instruments: [defineInstrument({ symbol: 'T', venue: 'test', ...instrument })],
    timeframe: '1m',
  });
  const ledger = new MemoryLedger();
  const { engine, broker } = simulatedEngine({
    indicators,
    definition,
    params: {},
    run: assumptions({
      ...{ costs: costs.free, cash: 1_000, ...given },
      ...(finer && { finer: { T: finerBars(finer) } }),
    }),
    curve: 'bars',
    ledger,
  });
  const rows = columns.closeTs.length;
  for (let from = 0; from < rows; from += size) {
    const part = { instrument: 0, columns, from, to: Math.min(from + size, rows) };
    indicators.compute(part);
    engine.drain(part);
  }
  return {
    engine,
    ambiguousExits: broker.ambiguousExits,
    liquidations: broker.liquidator?.liquidations ?? 0,
    splits: broker.events?.splits ?? [],
    fills: [...engine.recorder.fills],
    entries: ledger.entries,
    ends: ledger.entries.flatMap((entry) =>
      entry.kind === 'ended' ? [`${entry.status}: ${entry.reason}`] : [],
    ),
  };
}

/** Fills as [bar, signed quantity, price]: what most tables compare. */
export function trail(fills: readonly Fill[]): number[][] {
  return fills.map(({ ts, side, qty, price }) => [Math.floor(ts / MINUTE), side * qty, price]);
}

/** A cost model of which only some numbers matter. */
export const costing = (numbers: Partial<CostModel>): CostModel => ({
  ...costs.free,
  name: 'test',
  ...numbers,
});
