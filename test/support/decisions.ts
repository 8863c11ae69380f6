import { costs } from '@streamscalp/lib/engine/sim/costs';
import { parseParams, type StrategyDefinition } from '@streamscalp/lib/engine/strategy';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { CHUNK_ROWS } from '@streamscalp/lib/market/feed';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { assumptions, indicatorsFor, simulatedEngine } from '@streamscalp/lib/run';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { MemoryLedger } from '@streamscalp/lib/trading/memory-ledger';

export interface Decided {
  readonly entries: readonly LedgerEntry[];
  /** Equity at each bar's close. */
  readonly equity: Float64Array;
}

/** Everything a strategy with its default parameters did on these bars: orders, denials, fills, ends, and equity. */
export function decide(
  definition: StrategyDefinition,
  columns: BarColumns,
  timeframe: string,
): Decided {
  const instrument = defineInstrument({ symbol: 'T', venue: 'test', tickSize: 0.01 });
  const indicators = indicatorsFor(memoryFeed(instrument, timeframe, columns));
  const ledger = new MemoryLedger();
  const { engine } = simulatedEngine({
    indicators,
    definition,
    params: parseParams(definition, {}),
    run: assumptions({ costs: costs.binanceSpot, limits: { maxDrawdown: 0.9 } }),
    curve: 'bars',
    ledger,
  });
  const rows = columns.closeTs.length;
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const chunk = { instrument: 0, columns, from, to: Math.min(from + CHUNK_ROWS, rows) };
    indicators.compute(chunk);
    engine.drain(chunk);
  }
  return { entries: ledger.entries, equity: engine.recorder.curve().equity };
}
