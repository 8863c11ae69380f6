import { parseBarsCsv, readBarsCsv } from '@streamscalp/lib/sources/csv';
import { decimalAt } from '@streamscalp/lib/sources/decimal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSharedData, sharedData } from '../support/shared-data.ts';

const daily = (text: string) => parseBarsCsv(text, 'data.csv', { timeframe: '1d' });
const minutes = (text: string) => parseBarsCsv(text, 'data.csv', { timeframe: '1m' });
const ROW = '10,12,9,11,100';
const HEADER = 'date,open,high,low,close,volume';
const openOf = (cell: string, timeframe = '1m') =>
  parseBarsCsv(`${HEADER}\n${cell},${ROW}\n`, 'data.csv', { timeframe }).bars.openTs[0];
const iso = (ts: number | undefined) => new Date(ts!).toISOString();

describe('moments in a CSV', () => {
  it.each([
    ['2024-03-01', '2024-03-01T00:00:00.000Z'],
    ['2024-03-01T10:30:15Z', '2024-03-01T10:30:15.000Z'],
    ['2024-03-01T10:30:15.250Z', '2024-03-01T10:30:15.250Z'],
    ['2024-03-01T10:30:15+00:00', '2024-03-01T10:30:15.000Z'],
    ['2024-03-01 10:30:15-05:00', '2024-03-01T15:30:15.000Z'],
    ['2024-03-01 10:30:15 +0530', '2024-03-01T05:00:15.000Z'],
    ['2024-03-01 10:30', '2024-03-01T10:30:00.000Z'],
    ['2024-03-01 10:30:15 UTC', '2024-03-01T10:30:15.000Z'],
    ['2024/3/1', '2024-03-01T00:00:00.000Z'],
    ['2024.03.01 10:30', '2024-03-01T10:30:00.000Z'],
    ['20240301', '2024-03-01T00:00:00.000Z'],
    ['20240301 103015', '2024-03-01T10:30:15.000Z'],
    ['20240301 090100', '2024-03-01T09:01:00.000Z'],
    ['20240301T1030', '2024-03-01T10:30:00.000Z'],
    ['20240301103015', '2024-03-01T10:30:15.000Z'],
    ['03/31/2024', '2024-03-31T00:00:00.000Z'],
    ['3/31/24', '2024-03-31T00:00:00.000Z'],
    ['3/31/99', '1999-03-31T00:00:00.000Z'],
    ['31/03/2024', '2024-03-31T00:00:00.000Z'],
    ['31.03.2024 10:30:15.000', '2024-03-31T10:30:15.000Z'],
    ['31-03-2024', '2024-03-31T00:00:00.000Z'],
    ['3/31/2024 2:30:00 PM', '2024-03-31T14:30:00.000Z'],
    ['3/31/2024 12:05 AM', '2024-03-31T00:05:00.000Z'],
    ['15-Jan-10', '2010-01-15T00:00:00.000Z'],
    ['15 January 2010', '2010-01-15T00:00:00.000Z'],
    ['"Jan 15, 2010"', '2010-01-15T00:00:00.000Z'],
    ['1709289015', '2024-03-01T10:30:15.000Z'],
    ['1709289015.5', '2024-03-01T10:30:15.500Z'],
    ['1709289015250', '2024-03-01T10:30:15.250Z'],
    ['1709289015250000', '2024-03-01T10:30:15.250Z'],
    ['1709289015250000000', '2024-03-01T10:30:15.250Z'],
  ])('reads %s as %s', (cell, expected) => {
    expect(iso(openOf(cell))).toBe(expected);
  });

  it('keeps the microseconds of a nanosecond epoch as a fraction', () => {
    expect(openOf('1709289015250123000')).toBe(1709289015250.123);
  });

  it.each(['', 'yesterday', '0', '17', '2024-02-30', '13/13/2024', '2024-03-01T25:00', '2024-03'])(
    'refuses %j as a date and names line and column',
    (cell) => {
      expect(() => openOf(cell)).toThrow(`data.csv line 2, column date: found "${cell}"`);
    },
  );

  it('decides day and month over the whole column', () => {
    const { bars, notes } = daily(`${HEADER}\n02/01/2024,${ROW}\n13/01/2024,${ROW}\n`);
    expect([...bars.openTs].map(iso)).toEqual([
      '2024-01-02T00:00:00.000Z',
      '2024-01-13T00:00:00.000Z',
    ]);
    expect(notes).not.toContainEqual(expect.stringContaining('day from month'));
  });

  it('reads an ambiguous column month first, or day first when dotted, and says so', () => {
    const slashed = daily(`${HEADER}\n02/01/2024,${ROW}\n03/01/2024,${ROW}\n`);
    expect([...slashed.bars.openTs].map(iso)[0]).toBe('2024-02-01T00:00:00.000Z');
    expect(slashed.notes.join()).toContain('read month first');
    const dotted = daily(`${HEADER}\n02.01.2024,${ROW}\n03.01.2024,${ROW}\n`);
    expect([...dotted.bars.openTs].map(iso)[0]).toBe('2024-01-02T00:00:00.000Z');
    expect(dotted.notes.join()).toContain('read day first');
  });

  it('refuses a column that no single order of day and month explains, and a change of style', () => {
    expect(() => daily(`${HEADER}\n13/01/2024,${ROW}\n01/14/2024,${ROW}\n`)).toThrow(
      'line 2 cannot be month first and line 3 cannot be day first',
    );
    expect(() => daily(`${HEADER}\n2024-01-13,${ROW}\n20240114,${ROW}\n`)).toThrow(
      'line 3, column date: found "20240114", expected a date like the lines before',
    );
  });
});

describe('decimals', () => {
  it('reads any number as Number does, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(17),
        (value, digits) => {
          for (const text of [
            String(value),
            value.toFixed(digits),
            value.toPrecision(digits + 1),
          ]) {
            expect(decimalAt(Buffer.from(text), 0, text.length)).toBe(Number(text));
          }
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it.each(['', '-', '.', 'NaN', 'null', '1,5', '0x10', '1 000', '1e', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(decimalAt(Buffer.from(text), 0, text.length)).toBeNaN();
    },
  );
});

describe('a CSV of bars', () => {
  it('finds columns by header in any case and order, whatever the separator, quotes and line ends', () => {
    const plain = daily(`date,open,high,low,close,volume\n2024-03-01,10,12,9,11,100\n`).bars;
    for (const text of [
      '\uFEFFVolume;CLOSE;Low;high;Open;Date\r\n100;11;9;12;10;2024-03-01\r\n\r\n',
      '"date"\t"open"\t"high"\t"low"\t"close"\t"volume"\n"2024-03-01"\t"10"\t12\t9\t11\t100',
      ',open, high, low, close, volume\n2024-03-01, 10, 12, 9, 11, 100,\n',
      '<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<TICKVOL>\n20240301,00:00:00,10,12,9,11,100\n',
      'note,date,AAPL.Open,AAPL.High,AAPL.Low,AAPL.Close,AAPL.Volume\n"a, ""b""",2024-03-01,10,12,9,11,100\n',
    ]) {
      expect(daily(text).bars).toEqual(plain);
    }
    expect([...plain.closeTs]).toEqual([Date.UTC(2024, 2, 2)]);
  });

  it('sorts rows that come in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9], { minLength: 1 }), (days) => {
        const text = [HEADER, ...days.map((day) => `2024-03-0${day},${day},12,0.5,${day},${day}`)];
        const { bars } = daily(text.join('\n'));
        const sorted = [...days].sort((a, b) => a - b);
        expect([...bars.close]).toEqual(sorted);
        expect([...bars.openTs]).toEqual(sorted.map((day) => Date.UTC(2024, 2, day)));
      }),
      { seed: 2 },
    );
  });

  it('takes a missing or empty volume as 0', () => {
    expect(daily('date,open,high,low,close\n2024-03-01,10,12,9,11').bars.volume[0]).toBe(0);
    expect(daily(`${HEADER}\n2024-03-01,10,12,9,11,`).bars.volume[0]).toBe(0);
  });

  it.each([
    ['2024-03-02,,12,9,11,5', 'line 3, column open: found ""'],
    ['2024-03-02,10,NaN,9,11,5', 'line 3, column high: found "NaN"'],
    ['2024-03-02,10,12,9,n/a,5', 'line 3, column close: found "n/a"'],
    ['2024-03-02,10,12,9,11,-', 'line 3, column volume: found "-"'],
    ['2024-03-02,10,8,9,11,5', 'line 3 (2024-03-02T00:00:00.000Z): open 10 is above high 8'],
    ['2024-03-02,0,12,9,11,5', 'open is 0, expected a price above 0'],
    ['2024-03-02,10,12,9,11,-5', 'volume is -5, expected 0 or more'],
    ['2024-03-02,10,12,9', 'line 3 has 4 columns, the first line has 6'],
    ['2024-03-02,1,010,1,012,9,11,5', 'line 3 has 8 columns'],
    [
      '2024-03-01,10,12,9,10.5,100',
      'lines 2 and 3 both have the time 2024-03-01T00:00:00.000Z, with close 11 and 10.5',
    ],
    ['2024-03-01T01:00Z,10,12,9,11,5', '1h after the bar before it: closer than the timeframe 1d'],
  ])('refuses the row %s, naming the line and what was found', (row, message) => {
    expect(() => daily(`${HEADER}\n2024-03-01,${ROW}\n${row}\n`)).toThrow(message);
  });

  it('keeps one of rows that repeat each other and says how many it dropped', () => {
    const { bars, notes } = daily(`${HEADER}\n2024-03-01,${ROW}\n2024-03-01,${ROW}\n`);
    expect(bars.openTs.length).toBe(1);
    expect(notes).toContain('1 row repeats another and was dropped');
  });

  it('widens a range that rounding left a hair too narrow, and says so', () => {
    const { bars, notes } = daily(`${HEADER}\n2024-03-01,100.00001,100,99,99.5,5`);
    expect(bars.high[0]).toBe(100.00001);
    expect(notes.join()).toContain('range was widened');
  });

  it('says when the file is coarser than the timeframe given', () => {
    expect(minutes(`${HEADER}\n2024-03-01,${ROW}\n2024-03-02,${ROW}\n`).notes.join()).toContain(
      'no two bars are closer than 1d; the timeframe given is 1m',
    );
  });

  it('closes a local day that is an hour short when the next one opens', () => {
    // New York clocks went forward on 2024-03-10.
    const { bars } = daily(
      `${HEADER}\n2024-03-10 00:00:00-05:00,${ROW}\n2024-03-11 00:00:00-04:00,${ROW}\n`,
    );
    expect(bars.closeTs[0]).toBe(bars.openTs[1]);
  });

  it('moves times back by the timeframe when they stamp the close', () => {
    const { bars } = parseBarsCsv(`${HEADER}\n2024-03-01 10:01,${ROW}`, 'data.csv', {
      timeframe: '1m',
      stamp: 'close',
    });
    expect([iso(bars.openTs[0]), iso(bars.closeTs[0])]).toEqual([
      '2024-03-01T10:00:00.000Z',
      '2024-03-01T10:01:00.000Z',
    ]);
  });

  it('refuses an empty file, a header alone, unknown columns and two instruments, saying what it found', () => {
    expect(() => daily('')).toThrow('data.csv is empty');
    expect(() => daily(HEADER)).toThrow('no bars below');
    expect(() => daily('date,price\n2024-03-01,5')).toThrow(
      'has no open column; its columns are date, price',
    );
    expect(() => daily('date,A.Open,B.Open\n2024-03-01,5,6')).toThrow('2 columns for open');
    expect(() => daily('5,6,7\n5,6,7')).toThrow('has no header');
  });

  it('names a file that cannot be read', async () => {
    await expect(readBarsCsv('/no/such.csv', { timeframe: '1d' })).rejects.toThrow(
      'cannot read /no/such.csv',
    );
  });
});

// rows, first and last openTs and last close, each counted with head, tail and wc on the file itself
const GOOD = [
  ['vega_sp500-2000.csv', '1d', 5105, '2000-01-03T00:00', '2020-04-17T00:00', 2874.560059],
  ['backtestingpy_GOOG_1d.csv', '1d', 2148, '2004-08-19T00:00', '2013-03-01T00:00', 806.19],
  ['arch_sp500_1d.csv.gz', '1d', 5031, '1999-01-04T00:00', '2018-12-31T00:00', 2506.850098],
  ['backtrader_2006-day-001.txt', '1d', 255, '2006-01-02T00:00', '2006-12-29T00:00', 4119.94],
  ['backtrader_2006-min-005.txt', '5m', 2142, '2006-01-02T09:05', '2006-01-30T17:30', 3677.52],
  ['backtrader_yhoo-1996-2014.txt', '1d', 4713, '1996-04-12T00:00', '2014-12-31T00:00', 50.509998],
  ['freqtrade_UNITTEST_BTC-30m.csv', '30m', 1920, '2017-12-03T13:00', '2018-01-12T12:30', 0.0888],
  [
    'freqtrade_XRP_USDT_USDT-1h-mark.csv',
    '1h',
    100,
    '2021-11-15T06:00',
    '2021-11-19T09:00',
    1.06051,
  ],
  [
    'nautilus_ADABTC-1m-2021-11-27.csv',
    '1m',
    10,
    '2021-11-27T00:00',
    '2021-11-27T00:09',
    0.00002865,
  ],
  [
    'nautilus_fxcm_gbpusd-m1-bid-2012.csv',
    '1m',
    30117,
    '2012-02-01T00:00',
    '2012-03-01T00:00',
    1.59208,
  ],
  ['pandasta_SPY_D.csv', '1d', 5241, '1999-11-01T00:00', '2020-08-28T00:00', 350.58],
  [
    'plotly_finance-charts-apple.csv',
    '1d',
    506,
    '2015-02-17T00:00',
    '2017-02-16T00:00',
    135.350006,
  ],
  [
    'pyalgotrade_nt-spy-minute-2011-03.csv',
    '1m',
    17577,
    '2011-03-01T09:01',
    '2011-03-31T23:59',
    132.72,
  ],
  ['stockindicators_penny.csv', '1d', 533, '2018-12-21T00:00', '2021-02-03T00:00', 2.98],
  [
    'stockindicators_toobig.csv',
    '1d',
    1246,
    '2017-08-16T00:00',
    '2021-01-12T00:00',
    374175175057530,
  ],
  ['zipline_csvdir_KO.csv.gz', '1d', 754, '2012-01-03T00:00', '2014-12-31T00:00', 42.220001],
] as const;

describe.skipIf(!hasSharedData)('real CSV files (needs ../shared/data)', () => {
  it.each(GOOD)(
    '%s at %s gives %i bars from %s to %s',
    async (name, timeframe, rows, from, to, close) => {
      const { bars } = await readBarsCsv(sharedData(`bars/${name}`), { timeframe });
      expect(bars.openTs.length).toBe(rows);
      expect(iso(bars.openTs[0]).slice(0, 16)).toBe(from);
      expect(iso(bars.openTs.at(-1)).slice(0, 16)).toBe(to);
      expect(bars.close.at(-1)).toBe(close);
    },
  );

  it.each([
    ['stockindicators_bad.csv', 'line 202, column date: found ""'], // blanked dates, then prices, zeros and high < low
    ['stockindicators_zeros.csv', 'line 2 (2017-01-03T00:00:00.000Z): open is 0'], // nothing but zeros
    ['pyportfolioopt_stock_prices.csv', 'has no open column; its columns are date, GOOG'], // closes of 20 stocks
    ['zipline_SPY_benchmark.csv', 'has no open column; its columns are date, return'],
    ['arch_frenchdata_monthly.csv.gz', 'has no open column'],
  ])('%s is refused: %s', async (name, message) => {
    await expect(readBarsCsv(sharedData(`bars/${name}`), { timeframe: '1d' })).rejects.toThrow(
      message,
    );
  });

  it.each([
    ['yfinance_CLC-L-1d-bad-div.csv', 'line 666, column Open: found ""'],
    [
      'yfinance_SSW-JO-1d-100x-error.csv',
      'line 30 (2023-05-01T22:00:00.000Z): open 4037 is above high 4032',
    ],
  ])('the broken row of %s is named', async (name, message) => {
    await expect(readBarsCsv(sharedData(`quality/${name}`), { timeframe: '1d' })).rejects.toThrow(
      message,
    );
  });
});
