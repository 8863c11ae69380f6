import {
  priceAtOpen,
  reach,
  wakesAtOpen,
  wakesInside,
} from '@streamscalp/lib/engine/sim/match-bar';
import { Order, type OrderType, type Side } from '@streamscalp/lib/trading/order';
import { OrderTerms } from '@streamscalp/lib/trading/order-terms';
import { describe, expect, it } from 'vitest';

const none = Number.NaN;

function order(type: OrderType, side: Side, price = none): Order {
  const limit = type === 'limit' ? price : none;
  const stop = type === 'limit' ? none : price;
  const terms = new OrderTerms({ type, limitPrice: limit, stopPrice: stop });
  return new Order(1, 0, side, 1, terms, 'plain', 0, 0);
}

/** A bar that opens at 100 and ranges over [95, 105]. */
const bar = {
  openTs: 0,
  closeTs: 60_000,
  open: 100,
  high: 105,
  low: 95,
  close: 102,
  volume: 1,
};

describe('on the open', () => {
  it.each<[string, OrderType, Side, number, number]>([
    ['a market buy takes it', 'market', 1, none, 100],
    ['a market sale takes it', 'market', -1, none, 100],
    ['a buy limit above it fills at the open, not at the limit', 'limit', 1, 101, 100],
    ['a buy limit equal to it is only touched', 'limit', 1, 100, none],
    ['a buy limit below it waits', 'limit', 1, 99, none],
    ['a sell limit below it fills at the open', 'limit', -1, 99, 100],
    ['a sell limit equal to it is only touched', 'limit', -1, 100, none],
    ['a sell limit above it waits', 'limit', -1, 101, none],
  ])('%s', (_claim, type, side, price, expected) => {
    expect(priceAtOpen(order(type, side, price), bar.open)).toBe(expected);
  });

  it.each<[string, OrderType, Side, number, boolean]>([
    ['a buy stop below it was gapped through', 'stop', 1, 99, true],
    ['a buy stop equal to it triggers', 'stop', 1, 100, true],
    ['a buy stop above it waits', 'stop', 1, 101, false],
    ['a sell stop above it was gapped through', 'stop', -1, 101, true],
    ['a sell stop equal to it triggers', 'stop', -1, 100, true],
    ['a sell stop below it waits', 'stop', -1, 99, false],
    ['a buy that waits for 101 or better wakes', 'marketIfTouched', 1, 101, true],
    ['a buy that waits for 99 or better sleeps', 'marketIfTouched', 1, 99, false],
    ['a sale that waits for 99 or better wakes', 'limitIfTouched', -1, 99, true],
    ['a sale that waits for 101 or better sleeps', 'limitIfTouched', -1, 101, false],
  ])('%s', (_claim, type, side, price, expected) => {
    expect(wakesAtOpen(order(type, side, price), bar.open)).toBe(expected);
  });
});

describe('inside a bar of [95, 105]', () => {
  it.each<[string, Side, number, number, string]>([
    ['a buy limit at the low is touched', 1, 95, 1, 'touch'],
    ['a buy limit crossed by half a tick is touched', 1, 95.5, 1, 'touch'],
    ['a buy limit crossed by one tick is gone through', 1, 96, 1, 'through'],
    ['a buy limit below the low is out of reach', 1, 94.99, 1, 'short'],
    ['a sell limit at the high is touched', -1, 105, 1, 'touch'],
    ['a sell limit crossed by half a tick is touched', -1, 104.5, 1, 'touch'],
    ['a sell limit crossed by one tick is gone through', -1, 104, 1, 'through'],
    ['a sell limit above the high is out of reach', -1, 105.01, 1, 'short'],
    ['without a tick a touch is not through', 1, 95, 0, 'touch'],
    ['without a tick anything beyond is through', 1, 95.000001, 0, 'through'],
  ])('%s', (_claim, side, price, tick, expected) => {
    expect(reach(order('limit', side, price), bar, tick)).toBe(expected);
  });

  it.each<[string, OrderType, Side, number, boolean]>([
    ['a buy stop at the high wakes', 'stop', 1, 105, true],
    ['a buy stop above the high sleeps', 'stop', 1, 105.01, false],
    ['a sell stop at the low wakes', 'stop', -1, 95, true],
    ['a sell stop below the low sleeps', 'stop', -1, 94.99, false],
    ['a buy that waits for the low wakes', 'marketIfTouched', 1, 95, true],
    ['a buy that waits for less sleeps', 'marketIfTouched', 1, 94.99, false],
    ['a sale that waits for the high wakes', 'limitIfTouched', -1, 105, true],
    ['a sale that waits for more sleeps', 'limitIfTouched', -1, 105.01, false],
  ])('%s', (_claim, type, side, price, expected) => {
    expect(wakesInside(order(type, side, price), bar)).toBe(expected);
  });

  it('counts a tick as crossed although 1.13 − 1.12 is a little less than 0.01', () => {
    const cents = { ...bar, open: 1.2, high: 1.2, low: 1.12, close: 1.2 };
    expect(1.13 - 1.12).toBeLessThan(0.01);
    expect(reach(order('limit', 1, 1.13), cents, 0.01)).toBe('through');
  });
});
