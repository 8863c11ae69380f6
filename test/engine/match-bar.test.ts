import { type LimitFills, priceAtOpen, priceInside } from '@streamscalp/lib/engine/sim/match-bar';
import { Order, type OrderType, type Side } from '@streamscalp/lib/trading/order';
import { OrderTerms } from '@streamscalp/lib/trading/order-terms';
import { describe, expect, it } from 'vitest';

const none = Number.NaN;

function order(type: OrderType, side: Side, price = none): Order {
  const limit = type === 'limit' ? price : none;
  const stop = type === 'stop' ? price : none;
  const terms = new OrderTerms(type, limit, stop, false, none, none);
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
    ['a buy stop below it was gapped through', 'stop', 1, 99, 100],
    ['a buy stop equal to it triggers', 'stop', 1, 100, 100],
    ['a buy stop above it waits', 'stop', 1, 101, none],
    ['a sell stop above it was gapped through', 'stop', -1, 101, 100],
    ['a sell stop equal to it triggers', 'stop', -1, 100, 100],
    ['a sell stop below it waits', 'stop', -1, 99, none],
  ])('%s', (_claim, type, side, price, expected) => {
    expect(priceAtOpen(order(type, side, price), bar)).toBe(expected);
  });
});

describe('inside a bar of [95, 105]', () => {
  it.each<[string, OrderType, Side, number, LimitFills, number, number]>([
    ['a touched buy limit fills under touch', 'limit', 1, 95, 'touch', 1, 95],
    ['a touched buy limit waits under through', 'limit', 1, 95, 'through', 1, none],
    ['a buy limit crossed by half a tick waits', 'limit', 1, 95.5, 'through', 1, none],
    ['a buy limit crossed by one tick fills at the limit', 'limit', 1, 96, 'through', 1, 96],
    ['a buy limit below the low waits under touch', 'limit', 1, 94.99, 'touch', 1, none],
    ['a touched sell limit fills under touch', 'limit', -1, 105, 'touch', 1, 105],
    ['a touched sell limit waits under through', 'limit', -1, 105, 'through', 1, none],
    ['a sell limit crossed by half a tick waits', 'limit', -1, 104.5, 'through', 1, none],
    ['a sell limit crossed by one tick fills at the limit', 'limit', -1, 104, 'through', 1, 104],
    ['a sell limit above the high waits under touch', 'limit', -1, 105.01, 'touch', 1, none],
    ['without a tick a touch is not through', 'limit', 1, 95, 'through', 0, none],
    ['without a tick anything beyond is through', 'limit', 1, 95.000001, 'through', 0, 95.000001],
    ['without a tick a touch still fills under touch', 'limit', -1, 105, 'touch', 0, 105],
    ['a buy stop at the high triggers at its price', 'stop', 1, 105, 'through', 1, 105],
    ['a buy stop above the high waits', 'stop', 1, 105.01, 'touch', 1, none],
    ['a sell stop at the low triggers at its price', 'stop', -1, 95, 'through', 1, 95],
    ['a sell stop below the low waits', 'stop', -1, 94.99, 'touch', 1, none],
    ['a market order never fills there', 'market', 1, none, 'touch', 1, none],
  ])('%s', (_claim, type, side, price, fills, tick, expected) => {
    expect(priceInside(order(type, side, price), bar, fills, tick)).toBe(expected);
  });

  it('counts a tick as crossed although 1.13 − 1.12 is a little less than 0.01', () => {
    const cents = { ...bar, open: 1.2, high: 1.2, low: 1.12, close: 1.2 };
    expect(1.13 - 1.12).toBeLessThan(0.01);
    expect(priceInside(order('limit', 1, 1.13), cents, 'through', 0.01)).toBe(1.13);
  });
});
