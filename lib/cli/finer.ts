import { LabError } from '../core/errors.ts';
import type { BarColumns } from '../market/bar.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { openStore } from '../store/store.ts';
import type { Market } from './market.ts';
import type { MarketOptions } from './market-options.ts';

/**
 * The stored bars of the length that `--finer` names, by symbol of the run.
 *
 * @throws LabError `usage` for a length that is not below that of the run, or bars that come from a file; `data` when
 * the store has none of a symbol
 */
export async function finerFor(
  options: MarketOptions,
  markets: readonly Market[],
): Promise<{ readonly finer?: Readonly<Record<string, BarColumns>> }> {
  const { finer: timeframe, from, to } = options;
  if (timeframe === undefined) return {};
  if (
    options.bars !== undefined ||
    timeframeMillis(timeframe) >= timeframeMillis(options.timeframe)
  ) {
    throw new LabError(
      'usage',
      `--finer ${timeframe} is for stored bars shorter than the ${options.timeframe} of the run; name a shorter length, and the history with --symbol and --venue`,
    );
  }
  const store = await openStore();
  try {
    const finer: Record<string, BarColumns> = {};
    for (const { instrument } of markets) {
      const { symbol, venue } = instrument;
      const query = { symbol, venue, timeframe, from, to };
      finer[symbol] = await store.bars({ ...query, untouched: true });
    }
    return { finer };
  } finally {
    store.close();
  }
}
