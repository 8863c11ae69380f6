import type { Order } from '@streamscalp/lib/trading/order';
import type { PlacedOptions } from '@streamscalp/lib/trading/order-options';
import { describe, expect, it } from 'vitest';
import { costing, type Ohlc, type PlayOptions, play, still, trail } from './play.ts';

/** Places one order on the first bar, at 100, and says what it does on the bars after it. */
function placed(
  rows: readonly Ohlc[],
  side: 'buy' | 'sell',
  order: PlacedOptions<Order>,
  options: PlayOptions = {},
) {
  return play(
    [still(100), ...rows],
    { 0: (ctx) => ctx[side](1, order) },
    { leverage: 10, ...options },
  );
}

const tenBps = { costs: costing({ slippageBps: 10 }) };

describe('a stop-limit order', () => {
  it.each<[string, Ohlc, PlacedOptions<Order>, number[][]]>([
    [
      'whose limit is beyond its stop takes at the stop',
      [100, 106, 99, 104],
      { stop: 105, limit: 107 },
      [[1, 1, 105]],
    ],
    [
      'that the market gaps past within its limit takes at the open',
      [106, 108, 105, 107],
      { stop: 105, limit: 107 },
      [[1, 1, 106]],
    ],
    [
      'that the market gaps past beyond its limit rests, and is met inside the bar',
      [109, 110, 106, 108],
      { stop: 105, limit: 107 },
      [[1, 1, 107]],
    ],
    [
      'that the market gaps past beyond its limit rests',
      [109, 110, 108, 109],
      { stop: 105, limit: 107 },
      [],
    ],
    [
      'with a limit short of its stop rests from the next bar',
      [100, 106, 99, 104],
      { stop: 105, limit: 103 },
      [],
    ],
  ])('%s', (_claim, row, order, expected) => {
    expect(trail(placed([row], 'buy', order).fills)).toEqual(expected);
  });

  it('that woke and rests fills on a later bar at its limit, as a maker', () => {
    const { fills } = placed(
      [
        [100, 106, 99, 104],
        [104, 104, 102, 103],
      ],
      'buy',
      { stop: 105, limit: 103 },
    );
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([[103, 'maker']]);
  });

  it('pays slippage up to its limit and no more', () => {
    const { fills } = placed([[100, 106, 99, 104]], 'buy', { stop: 105, limit: 105.05 }, tenBps);
    expect(fills.map(({ price }) => price)).toEqual([105.05]);
  });
});

describe('an if-touched order', () => {
  it.each<[string, Ohlc, PlacedOptions<Order>, number[][]]>([
    [
      'buys at the market when the price comes down to it',
      [100, 101, 94, 99],
      { touch: 95 },
      [[1, 1, 95]],
    ],
    ['buys at an open below it', [90, 96, 89, 95], { touch: 95 }, [[1, 1, 90]]],
    ['sleeps while the price stays above', [100, 101, 95.5, 99], { touch: 95 }, []],
    [
      'with a limit above buys at its price',
      [100, 101, 94, 99],
      { touch: 95, limit: 96 },
      [[1, 1, 95]],
    ],
    [
      'with a limit below buys there when the price goes on',
      [100, 101, 92, 99],
      { touch: 95, limit: 93 },
      [[1, 1, 93]],
    ],
    [
      'with a limit below rests when the price turns before it',
      [100, 101, 94, 99],
      { touch: 95, limit: 93 },
      [],
    ],
  ])('%s', (_claim, row, order, expected) => {
    expect(trail(placed([row], 'buy', order).fills)).toEqual(expected);
  });

  it('pays slippage, since it takes', () => {
    const { fills } = placed([[100, 101, 94, 99]], 'buy', { touch: 95 }, tenBps);
    expect(fills.map(({ price, liquidity }) => [price, liquidity])).toEqual([
      [95 * 1.001, 'taker'],
    ]);
  });
});

describe('a trailing stop', () => {
  const rise: Ohlc[] = [still(100), [100, 110, 100, 109], [109, 120, 109, 118]];

  it('follows the best price of the bars that are over, and never back', () => {
    const seen: number[] = [];
    let stop: Order | undefined;
    play(
      [...rise, [118, 118, 116, 117]],
      (_bar, ctx) => {
        stop ??= ctx.sell(1, { trail: 5 });
        seen.push(stop.stopPrice);
      },
      { leverage: 10 },
    );
    // Placed on a close of 100; highs of 110, 120 and 118 came after.
    expect(seen).toEqual([95, 105, 115, 115]);
  });

  it('fills at its stop on the bar that comes back to it', () => {
    const { fills } = play(
      [...rise, [118, 119, 112, 113]],
      { 0: (ctx) => ctx.sell(1, { trail: 5 }) },
      { leverage: 10 },
    );
    expect(trail(fills)).toEqual([[3, -1, 115]]);
  });

  it('does not use a bar’s high against the same bar’s low', () => {
    const { fills } = play(
      [still(100), [100, 110, 99, 108]],
      { 0: (ctx) => ctx.sell(1, { trail: 5 }) },
      { leverage: 10 },
    );
    expect(fills).toEqual([]);
  });

  it.each<[string, PlacedOptions<Order>, number]>([
    ['in hundredths of a percent', { trail: { bps: 500 } }, 95],
    ['as a multiple of an indicator', { trail: { line: { value: 2 }, times: 3 } }, 94],
  ])('keeps a distance %s', (_claim, order, price) => {
    expect(trail(placed([[100, 100, 90, 91]], 'sell', order).fills)).toEqual([[1, -1, price]]);
  });

  it('with an offset for a limit rests when the market falls past both', () => {
    const order = { trail: 5, limitOffset: 1 };
    expect(trail(placed([[100, 100, 90, 91]], 'sell', order).fills)).toEqual([[1, -1, 95]]);
    expect(placed([[92, 93, 90, 91]], 'sell', order).fills).toEqual([]);
  });
});

describe('time in force', () => {
  it('ioc fills at the next open or ends', () => {
    const { fills, ends } = placed([[100, 101, 90, 95]], 'buy', { limit: 95, tif: 'ioc' });
    expect(fills).toEqual([]);
    expect(ends).toEqual(['canceled: not filled at once']);
  });

  it('fok fills whole or not at all, ioc takes what there is', () => {
    const row: Ohlc = [100, 101, 99, 100];
    // The bars of these tests trade one unit; half of it is ours.
    const half = { participation: 0.5 };
    const fok = placed([row], 'buy', { limit: 101, tif: 'fok' }, half);
    expect([trail(fok.fills), fok.ends]).toEqual([[], ['canceled: not fillable whole at once']]);
    const ioc = placed([row], 'buy', { limit: 101, tif: 'ioc' }, half);
    expect([trail(ioc.fills), ioc.ends]).toEqual([
      [[1, 0.5, 100]],
      ['canceled: not filled at once'],
    ]);
  });

  it('gtd stands until its moment', () => {
    const rows: Ohlc[] = [still(100), still(100), [100, 100, 90, 95]];
    const early = placed(rows, 'buy', { limit: 95, tif: 'gtd', until: 3 * 60_000 });
    expect([early.fills.length, early.ends]).toEqual([0, ['canceled: its time is over']]);
    expect(placed(rows, 'buy', { limit: 95, tif: 'gtd', until: 4 * 60_000 }).fills.length).toBe(1);
  });

  it('day ends with the UTC day of a venue that never closes', () => {
    const bars = Array.from({ length: 1442 }, () => still(100));
    const { ends, entries } = play(bars, { 0: (ctx) => ctx.buy(1, { limit: 90, tif: 'day' }) });
    expect(ends).toEqual(['canceled: its time is over']);
    expect(entries.at(-1)!.ts).toBe(24 * 60 * 60_000);
  });

  it('at-open fills at the first open of the next day, at-close at the last close of this one', () => {
    const bars = Array.from(
      { length: 1443 },
      (_, i): Ohlc => [100 + i, 101 + i, 99 + i, 100.5 + i],
    );
    const { fills } = play(
      bars,
      { 0: (ctx) => [ctx.buy(1, { tif: 'atOpen' }), ctx.buy(1, { tif: 'atClose' })] },
      { cash: 1e6 },
    );
    expect(trail(fills)).toEqual([
      [1439, 1, 100.5 + 1439],
      [1440, 1, 100 + 1440],
    ]);
  });
});

describe('a post-only order', () => {
  it('is rejected rather than take, and rests otherwise', () => {
    const taking = placed([still(100)], 'buy', { limit: 101, postOnly: true });
    expect([taking.fills, taking.ends]).toEqual([[], ['rejected: a post-only order would take']]);
    const resting = placed([[100, 101, 90, 95]], 'buy', { limit: 95, postOnly: true });
    expect(resting.fills.map(({ liquidity }) => liquidity)).toEqual(['maker']);
  });
});

describe('options that contradict each other are refused', () => {
  it.each<[PlacedOptions<Order>, RegExp]>([
    [{ stop: 1, touch: 2 }, /a stop or a touch, not both/],
    [{ trail: 1, stop: 2 }, /makes its own stop/],
    [{ limitOffset: 1 }, /belongs to a trailing stop/],
    [{ trail: -1 }, /trail is -1; expected a distance above 0/],
    [{ postOnly: true }, /postOnly needs a limit order that may rest, this is market gtc/],
    [{ limit: 1, postOnly: true, tif: 'atClose' }, /this is limit atClose/],
    [{ tif: 'gtd' }, /a gtd order needs until/],
    [{ until: 5 }, /no other takes it/],
    [{ tif: 'ioc', stop: 2 }, /tif ioc needs a market or a limit order, this is stop/],
    [{ display: 1 }, /display is 1; it is a number above 0, on a limit order/],
  ])('%o', (options, message) => {
    expect(() => placed([], 'buy', options)).toThrow(message);
  });
});
