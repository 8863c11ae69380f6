import { DAY } from '@streamscalp/lib/core/time';
import { barsFromRows } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { adjustedBars } from '@streamscalp/lib/store/adjusted-bars';
import { hashBars } from '@streamscalp/lib/store/data-hash';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDirectory } from './scratch.ts';

const SHARE = defineInstrument({ symbol: 'ABC', venue: 'us', calendar: 'us-equity' });
const DAYS = { venue: 'us', symbol: 'ABC', timeframe: '1d' };
const T = Date.UTC(2024, 0);
/** Closes of five days: a split of two for one before the third, a dividend of 1 before the fifth. */
const CLOSES = [100, 104, 50, 50, 51];

function action(availableTs: number, exTs: number, type: string, ratio: number, cash: number) {
  return {
    availableTs: Float64Array.of(availableTs),
    exTs: Float64Array.of(exTs),
    payTs: Float64Array.of(exTs),
    type: [type],
    ratio: Float64Array.of(ratio),
    cash: Float64Array.of(cash),
    currency: ['USD'],
  };
}

let store: Store;
beforeEach(async () => {
  store = await openStore(scratchDirectory());
  const rows = CLOSES.map((close, i) => {
    const openTs = T + i * DAY;
    return {
      openTs,
      closeTs: openTs + DAY - 1,
      open: close,
      high: close,
      low: close,
      close,
      volume: 10,
    };
  });
  await store.importBars(SHARE, '1d', barsFromRows(rows));
  await store.append('actions', SHARE, action(T - 30 * DAY, T + 2 * DAY, 'split', 2, 0));
  await store.append('actions', SHARE, action(T + DAY, T + 4 * DAY, 'dividend', 1, 2));
  // The dividend is corrected from 2 to 1 on the evening of the fourth day.
  await store.append('actions', SHARE, action(T + 3.9 * DAY, T + 4 * DAY, 'dividend', 1, 1));
});
afterEach(() => store.close());

describe('stored bars, adjusted on read', () => {
  it('have splits taken out, and dividends where wanted, as last told', async () => {
    const splits = await adjustedBars(store, { ...DAYS, adjustment: 'splits' });
    expect([...splits.close]).toEqual([50, 52, 50, 50, 51]);
    expect([...splits.volume]).toEqual([20, 20, 10, 10, 10]);
    // The dividend takes 1 of the close of 50 before it: a factor of 0.98 for all earlier prices.
    const both = await adjustedBars(store, { ...DAYS, adjustment: 'splits-and-dividends' });
    [49, 50.96, 49, 49, 51].forEach((close, i) => {
      expect(both.close[i]).toBeCloseTo(close, 12);
    });
  });

  it('know nothing that became known or went ex after the moment they are read at', async () => {
    const query = { ...DAYS, adjustment: 'splits-and-dividends' } as const;
    const before = await adjustedBars(store, { ...query, asOf: T + 2 * DAY - 1 });
    expect([...before.close]).toEqual(CLOSES);
    const range = await adjustedBars(store, { ...query, to: T + 2 * DAY });
    expect([...range.close]).toEqual([100, 104]);
    const early = await adjustedBars(store, { ...query, to: T + 4 * DAY });
    expect([...early.close]).toEqual([50, 52, 50, 50]);
  });

  it('stay stored as they were traded', async () => {
    const raw = hashBars(await store.bars(DAYS));
    await adjustedBars(store, { ...DAYS, adjustment: 'splits' });
    expect(hashBars(await store.bars(DAYS))).toBe(raw);
    expect([...(await store.bars(DAYS)).close]).toEqual(CLOSES);
  });

  it('of an instrument without actions are the bars, and an unknown type is refused', async () => {
    const other = defineInstrument({ symbol: 'XYZ', venue: 'us' });
    const bars = await store.bars(DAYS);
    await store.importBars(other, '1d', bars);
    const query = { ...DAYS, symbol: 'XYZ', adjustment: 'splits' } as const;
    expect((await adjustedBars(store, query)).close).toEqual(bars.close);
    await store.append('actions', other, action(T - 1, T, 'spinoff', 1, 0));
    await expect(adjustedBars(store, query)).rejects.toThrow(
      'an action of XYZ on us is of type "spinoff"; there are split and dividend',
    );
  });
});
