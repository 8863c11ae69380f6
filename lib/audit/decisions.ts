import { lowerBound } from '../core/binary-search.ts';
import type { Millis } from '../core/time.ts';
import type { StrategyDefinition } from '../engine/strategy.ts';
import type { BarColumns } from '../market/bar.ts';
import { chunksOf } from '../market/feed.ts';
import type { Instrument } from '../market/instrument.ts';
import { indicatorsFor, type RunAssumptions, simulatedEngine } from '../run.ts';
import type { Order } from '../trading/order.ts';

/** A step of an order's life, in words that differ when anything of the order does. */
export interface Decision {
  /** The close of the bar it was taken on. */
  readonly ts: Millis;
  readonly text: string;
}

export interface DecisionRun {
  readonly instrument: Instrument;
  readonly timeframe: string;
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, unknown>>;
  readonly run: RunAssumptions;
}

/**
 * What a strategy does up to row `last`. Indicators are computed over the whole chunk that the row lies in, as they are
 * in a backtest, so that one which looks ahead is found out too.
 *
 * @throws LabError `data` when the strategy throws
 */
export function decisions(
  { instrument, timeframe, definition, params, run }: DecisionRun,
  columns: BarColumns,
  last: number,
): Decision[] {
  const heard: Decision[] = [];
  const indicators = indicatorsFor({ instruments: [instrument], timeframe }, run);
  const { drain } = simulatedEngine({
    indicators,
    definition: overheard(definition, (order, ts) => heard.push({ ts, text: told(order) })),
    params,
    run,
    curve: 'days',
    ledger: null,
  });
  for (const chunk of chunksOf(columns)) {
    if (chunk.from > last) break;
    indicators.compute(chunk);
    drain({ ...chunk, to: Math.min(chunk.to, last + 1) });
  }
  return heard;
}

/** The first decision that one list has and the other has not at its place; undefined when they are equal. */
export function firstDifference(
  one: readonly Decision[],
  other: readonly Decision[],
): readonly [Decision | undefined, Decision | undefined] | undefined {
  const length = Math.max(one.length, other.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [one[i], other[i]];
    if (a?.ts !== b?.ts || a?.text !== b?.text) return [a, b];
  }
  return undefined;
}

/** The bar on whose close, or inside which, something happened. */
export function rowOf({ closeTs }: BarColumns, ts: Millis): number {
  return lowerBound(closeTs, ts);
}

/** The same strategy, which is listened to as it hears of its orders. */
function overheard(
  definition: StrategyDefinition,
  hear: (order: Order, ts: Millis) => void,
): StrategyDefinition {
  return {
    ...definition,
    create(params, inputs) {
      const made = definition.create(params, inputs);
      if (typeof made !== 'object') return made;
      const own = made.onOrder;
      made.onOrder = (order, ctx) => {
        hear(order, ctx.now);
        own?.call(made, order, ctx);
      };
      return made;
    },
  };
}

function told({ id, status, side, qty, share, filledQty, limitPrice, stopPrice, terms }: Order) {
  const size = share === null ? `${qty}` : `${share.fraction} of equity (${qty})`;
  const now = `filled ${filledQty}, limit ${limitPrice}, stop ${stopPrice}`;
  return `${status}: order ${id} ${side === 1 ? 'buys' : 'sells'} ${size}, ${now}, ${JSON.stringify(terms, plainly)}`;
}

/** A line that a trailing stop follows is told by its value, and numbers that JSON has none for by their names. */
function plainly(key: string, value: unknown): unknown {
  if (key === 'line') return (value as { readonly value: number }).value;
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
