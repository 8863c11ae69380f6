import { setImmediate as breathe } from 'node:timers/promises';
import { LabError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { isoTime, type Millis } from '../core/time.ts';
import { costs } from '../engine/sim/costs.ts';
import { parseParams, type StrategyDefinition } from '../engine/strategy.ts';
import type { LoadedStrategy } from '../loader/strategy-file.ts';
import type { BarColumns } from '../market/bar.ts';
import type { Instrument } from '../market/instrument.ts';
import { assumptions, type GivenAssumptions, identify } from '../run.ts';
import { type Decision, decisions, firstDifference, rowOf } from './decisions.ts';
import { ScrambledFuture } from './scramble.ts';

export interface AuditOptions extends Partial<GivenAssumptions> {
  readonly strategy: StrategyDefinition | LoadedStrategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly instrument: Instrument;
  readonly timeframe: string;
  /** Scrambled in place while the audit runs, so that whoever holds on to them sees it; as they were afterwards. */
  readonly bars: BarColumns;
  /** Moments to look at, at least 1. */
  readonly moments?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (moments: number) => void;
}

/** A decision that changed with bars that came after it. */
export interface LookAhead {
  /** The bar it was taken on: its row, open and close. */
  readonly row: number;
  readonly openTs: Millis;
  readonly closeTs: Millis;
  /** Bars after this close were scrambled. */
  readonly scrambledAfter: Millis;
  /** What was decided, and what with another future; null for nothing. */
  readonly decided: string | null;
  readonly otherwise: string | null;
}

export interface Audit {
  readonly moments: number;
  /** Steps of orders in the whole run; where there are none the audit shows nothing. */
  readonly decisions: number;
  /** The earliest decision that changed; null when none did. */
  readonly lookAhead: LookAhead | null;
}

/**
 * Proves that a strategy does not look ahead, as far as sampling can: for each of some moments all bars after it become
 * those of another market, and what was decided up to it must be what was decided before. It tells nothing of how good
 * a strategy is, and so is no trial.
 *
 * @throws LabError `params` for wrong parameters; `data` for too few bars, a strategy that decides otherwise on the same
 * bars, and what it throws
 */
export async function auditLookAhead(options: AuditOptions): Promise<Audit> {
  const { bars, instrument, timeframe, moments = 50, seed = 1, signal } = options;
  const { definition } = identify(options.strategy);
  const params = parseParams(definition, options.params ?? {});
  const run = assumptions({ ...options, costs: options.costs ?? costs.free });
  const rows = bars.closeTs.length;
  if (rows < 2) throw new LabError('data', `an audit needs 2 bars or more; there are ${rows}`);
  const given = { instrument, timeframe, definition, params, run };
  const honest = decisions(given, bars, rows - 1);
  refuseWhims(definition.name, honest, decisions(given, bars, rows - 1));
  const random = new Random(seed);
  const sampled = sampleRows(bars, honest, moments, random);
  const future = new ScrambledFuture(bars);
  let found: LookAhead | null = null;
  for (const [done, row] of sampled.entries()) {
    if (signal?.aborted) throw new LabError('interrupted', 'the audit was interrupted');
    const now = bars.closeTs[row]!;
    let seen: Decision[];
    future.scramble(row + 1, random);
    try {
      seen = decisions(given, bars, row);
    } finally {
      future.restore(row + 1);
    }
    const known = honest.filter(({ ts }) => ts <= now);
    const difference = firstDifference(known, seen);
    if (difference !== undefined) found = earlier(found, told(bars, row, difference));
    options.onProgress?.(done + 1);
    await breathe();
  }
  return { moments: sampled.length, decisions: honest.length, lookAhead: found };
}

/** What decides otherwise on the same bars would look as if it saw the future. */
function refuseWhims(name: string, one: readonly Decision[], other: readonly Decision[]): void {
  const difference = firstDifference(one, other);
  if (difference === undefined) return;
  const ts = (difference[0] ?? difference[1])!.ts;
  throw new LabError(
    'data',
    `${name} decides otherwise on the same bars, first on the one that closes at ${isoTime(ts)}; it must keep its state inside create, and read no clock and no random numbers`,
  );
}

/** Half of them are bars on which something was decided, where there are as many: what cheats does so there. */
function sampleRows(
  bars: BarColumns,
  honest: readonly Decision[],
  moments: number,
  random: Random,
): number[] {
  const last = bars.closeTs.length - 2;
  const rows = new Set<number>();
  const decided = honest.map(({ ts }) => rowOf(bars, ts)).filter((row) => row <= last);
  for (let i = 0; i < moments / 2 && decided.length > 0; i++) {
    rows.add(decided[random.integer(decided.length)]!);
  }
  const most = Math.min(moments, last + 1);
  while (rows.size < most) rows.add(random.integer(last + 1));
  return [...rows].sort((a, b) => a - b);
}

function told(
  bars: BarColumns,
  after: number,
  [decided, otherwise]: readonly [Decision | undefined, Decision | undefined],
): LookAhead {
  const never = Number.POSITIVE_INFINITY;
  const row = rowOf(bars, Math.min(decided?.ts ?? never, otherwise?.ts ?? never));
  return {
    row,
    openTs: bars.openTs[row]!,
    closeTs: bars.closeTs[row]!,
    scrambledAfter: bars.closeTs[after]!,
    decided: decided?.text ?? null,
    otherwise: otherwise?.text ?? null,
  };
}

function earlier(one: LookAhead | null, other: LookAhead): LookAhead {
  return one === null || other.row < one.row ? other : one;
}
