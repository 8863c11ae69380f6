import { defineInstrument } from '@streamscalp/lib';
import { indicatorColumns } from '@streamscalp/lib/engine/indicator-columns';
import { bollinger } from '@streamscalp/lib/indicators/bollinger';
import { rsi } from '@streamscalp/lib/indicators/rsi';
import { sma } from '@streamscalp/lib/indicators/sma';
import { resampleBars } from '@streamscalp/lib/market/resample';
import { syntheticBars } from '@streamscalp/lib/market/synthetic-bars';
import { indicatorsFor } from '@streamscalp/lib/run';
import { expect, it } from 'vitest';

it('gives each declared line over the whole history, across chunks, named as it was declared', () => {
  const bars = syntheticBars({ seed: 3, startTs: 0, rows: 10_000 });
  const instrument = defineInstrument({ symbol: 'X', venue: 'test' });
  const columns = indicatorColumns(
    indicatorsFor({ instruments: [instrument], timeframe: '1m' }),
    ({ close, bars }) => {
      close(sma(3));
      close(bollinger(20, 2));
      close(rsi(14)).pipe(sma(5));
      bars('1h').close(sma(2));
    },
    bars,
  );
  expect(columns.map(({ name, onPrice }) => `${name} ${onPrice}`)).toEqual([
    'sma(3) true',
    'bollinger(20, 2).middle true',
    'bollinger(20, 2).upper true',
    'bollinger(20, 2).lower true',
    'rsi(14) false',
    'sma(5) false',
    '1h sma(2) true',
  ]);
  const [fast] = columns;
  for (const row of [2, 4095, 4096, 9999]) {
    const mean = (bars.close[row]! + bars.close[row - 1]! + bars.close[row - 2]!) / 3;
    expect(fast!.values[row]).toBeCloseTo(mean, 9);
  }
  const hours = resampleBars(bars, '1h');
  expect(columns.at(-1)!.values[179]).toBeCloseTo((hours.close[1]! + hours.close[2]!) / 2, 9);
});
