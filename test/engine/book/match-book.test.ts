import { BookOrder, type BookOrderOptions } from '@streamscalp/lib/engine/sim/book/book-order';
import { MatchBook } from '@streamscalp/lib/engine/sim/book/match-book';
import { onLevelOf, queues } from '@streamscalp/lib/engine/sim/book/queue-models';
import { NO_ASK, NO_BID } from '@streamscalp/lib/market/book-ladder';
import { describe, expect, it } from 'vitest';

/** A venue with bids 98×4 99×5 and asks 101×2 102×3 104×9, ticks of 1, lots of 0.1; answers as short texts. */
function venue(queue = queues.riskAverse) {
  const heard: string[] = [];
  const match = new MatchBook(1, 0.1, onLevelOf(queue), {
    onAccepted: (order) => heard.push(`${order.id} accepted`),
    onFill: (order, _ts, qty, tick, maker, last) =>
      heard.push(`${order.id} ${maker ? 'makes' : 'takes'} ${qty}@${tick}${last ? ' done' : ''}`),
    onEnd: (order, _ts, status, reason) => heard.push(`${order.id} ${status}: ${reason}`),
    onTooLate: (order) => heard.push(`${order.id} too late`),
    onModified: (order, _ts, qty, tick) => heard.push(`${order.id} becomes ${qty}@${tick}`),
  });
  match.book.beginSnapshot();
  match.onBidLevel(98, 4, 0);
  match.onBidLevel(99, 5, 0);
  match.onAskLevel(101, 2, 0);
  match.onAskLevel(102, 3, 0);
  match.onAskLevel(104, 9, 0);
  let id = 0;
  const place = (side: 1 | -1, qty: number, options: BookOrderOptions = {}) => {
    const { limit = Number.NaN, tif = 'gtc', postOnly = false, reduceOnly = false } = options;
    const tick = Number.isNaN(limit) ? (side === 1 ? NO_ASK : NO_BID) : limit;
    const terms = [tick, tif, postOnly, reduceOnly, 0, options.display] as const;
    const order = new BookOrder(++id, side, qty, limit, ...terms);
    match.arrive(order, 1);
    return order;
  };
  return {
    match,
    heard,
    buy: (qty: number, options?: BookOrderOptions) => place(1, qty, options),
    sell: (qty: number, options?: BookOrderOptions) => place(-1, qty, options),
  };
}

const NO_MORE = 'nothing more to take at once';

describe('takers', () => {
  it.each<[string, number, BookOrderOptions, string[]]>([
    ['at the market, level by level', 4, {}, ['1 takes 2@101', '1 takes 2@102 done']],
    [
      'at the market, the rest canceled when the book ends',
      20,
      {},
      ['1 takes 2@101', '1 takes 3@102', '1 takes 9@104', `1 canceled: ${NO_MORE}`],
    ],
    [
      'ioc, up to the limit',
      9,
      { limit: 102, tif: 'ioc' },
      ['1 takes 2@101', '1 takes 3@102', `1 canceled: ${NO_MORE}`],
    ],
    ['ioc that meets nothing', 1, { limit: 100, tif: 'ioc' }, [`1 canceled: ${NO_MORE}`]],
    ['fok, all of it', 5, { limit: 102, tif: 'fok' }, ['1 takes 2@101', '1 takes 3@102 done']],
    ['fok, or nothing', 5.1, { limit: 102, tif: 'fok' }, [`1 canceled: ${NO_MORE}`]],
    ['gtc, and the rest stands', 3, { limit: 101 }, ['1 takes 2@101']],
    [
      'post-only that would take',
      1,
      { limit: 101, postOnly: true },
      ['1 rejected: post-only, and it would take'],
    ],
    ['post-only that stands', 1, { limit: 100, postOnly: true }, ['1 accepted']],
  ])('buy %s', (_what, qty, options, answers) => {
    const { buy, heard } = venue();
    buy(qty, options);
    expect(heard).toEqual(answers);
  });

  it('sell into the bids in the same way', () => {
    const { sell, heard } = venue();
    sell(7, { limit: 98, tif: 'fok' });
    expect(heard).toEqual(['1 takes 5@99', '1 takes 2@98 done']);
  });

  it('consume: what they took is missing until the feed says again what the level holds', () => {
    const { match, buy, heard } = venue();
    buy(1.5);
    expect(match.book.asks.at(101)).toBe(0.5);
    buy(1);
    expect(match.book.bestAskTick).toBe(102);
    match.onAskLevel(101, 2, 2);
    buy(1);
    expect(heard).toEqual([
      '1 takes 1.5@101 done',
      '2 takes 0.5@101',
      '2 takes 0.5@102 done',
      '3 takes 1@101 done',
    ]);
  });

  it('are rejected while the book is quarantined', () => {
    const { match, buy, heard } = venue();
    match.book.quarantine();
    buy(1);
    expect(heard).toEqual(['1 rejected: the book is quarantined: no one knows what it would meet']);
  });

  it('do not trade with an own order that they would meet first', () => {
    const { sell, buy, heard } = venue();
    sell(1, { limit: 100 });
    buy(1, { limit: 101 });
    buy(1, { limit: 99 });
    expect(heard).toEqual([
      '1 accepted',
      '2 rejected: it would trade with an own order',
      '3 accepted',
    ]);
  });
});

const OWN = 'it would trade with an own order';

describe('a taker that comes upon an own order', () => {
  it('takes what stands before it at its level, and no further: the own order is next there', () => {
    const { match, sell, buy, heard } = venue();
    sell(1, { limit: 101 });
    buy(4);
    buy(1);
    match.onAskLevel(101, 2, 2);
    buy(1);
    expect(heard).toEqual([
      '1 accepted',
      '2 takes 2@101',
      `2 canceled: ${OWN}`,
      `3 rejected: ${OWN}`,
      '4 takes 1@101 done',
    ]);
  });

  it('takes nothing of what joined behind it, and leaves its place in the queue to the recording', () => {
    const { match, sell, buy, heard } = venue();
    const own = sell(1, { limit: 101 });
    match.onAskLevel(101, 9, 2);
    buy(4);
    buy(1);
    expect(heard.slice(1)).toEqual(['2 takes 2@101', `2 canceled: ${OWN}`, `3 rejected: ${OWN}`]);
    expect([match.book.asks.at(101), match.aheadOf(own)]).toEqual([7, 2]);
  });

  it('stops before an own order at a further level, and a gtc order does not stand crossed with it', () => {
    const { sell, buy, heard } = venue();
    sell(1, { limit: 103 });
    buy(20, { limit: 104 });
    expect(heard).toEqual(['1 accepted', '2 takes 2@101', '2 takes 3@102', `2 canceled: ${OWN}`]);
  });

  it('fills nothing when it is fok and would not be filled before it', () => {
    const { buy, sell, heard } = venue();
    buy(1, { limit: 98 });
    sell(10, { limit: 98, tif: 'fok' });
    sell(9, { limit: 98, tif: 'fok' });
    expect(heard).toEqual([
      '1 accepted',
      `2 canceled: ${NO_MORE}`,
      '3 takes 5@99',
      '3 takes 4@98 done',
    ]);
  });
});

describe('makers', () => {
  it('are filled by what trades after all that was ahead, in parts', () => {
    const { match, buy, heard } = venue();
    const order = buy(3, { limit: 99 });
    match.onSellerTrade(99, 4, 2);
    expect(match.aheadOf(order)).toBe(1);
    match.onSellerTrade(99, 2, 3);
    match.onSellerTrade(99, 5, 4);
    expect(heard).toEqual(['1 accepted', '1 makes 1@99', '1 makes 2@99 done']);
  });

  it('are filled in whole by a trade beyond them, and by the other side moving onto them', () => {
    const { match, buy, sell, heard } = venue();
    buy(7, { limit: 99 });
    sell(8, { limit: 101 });
    match.onSellerTrade(98, 0.1, 2);
    match.onBidLevel(101, 1, 3);
    expect(heard.slice(2)).toEqual(['1 makes 7@99 done', '2 makes 8@101 done']);
  });

  it('inside the spread are first in their queue', () => {
    const { match, sell, heard } = venue();
    sell(1, { limit: 100 });
    match.onBuyerTrade(100, 0.4, 2);
    expect(heard).toEqual(['1 accepted', '1 makes 0.4@100']);
  });

  it('share a print: what one gets, one behind it does not', () => {
    const { match, buy, heard } = venue();
    buy(2, { limit: 99 });
    buy(2, { limit: 99 });
    match.onSellerTrade(99, 8, 2);
    expect(heard.slice(2)).toEqual(['1 makes 2@99 done', '2 makes 1@99']);
  });

  it('leave when canceled, and a cancel after the last fill comes too late', () => {
    const { match, buy, heard } = venue();
    const first = buy(1, { limit: 99 });
    const second = buy(1, { limit: 98 });
    match.cancel(second, 2);
    match.onSellerTrade(98, 9, 3);
    match.cancel(first, 4);
    expect(heard.slice(2)).toEqual([
      '2 canceled: canceled by the strategy',
      '1 makes 1@99 done',
      '1 too late',
    ]);
  });

  it('are first in their queue when a new snapshot has nothing at their level', () => {
    const { match, buy, heard } = venue();
    buy(2, { limit: 99 });
    match.onSnapshot();
    match.onBidLevel(98, 4, 2);
    match.onAskLevel(101, 2, 2);
    match.onSellerTrade(99, 1, 3);
    expect(heard).toEqual(['1 accepted', '1 makes 1@99']);
  });

  it('keep their place in the queue while the book is quarantined', () => {
    const { match, buy, heard } = venue();
    const order = buy(2, { limit: 99 });
    match.onGap();
    match.onSellerTrade(99, 1, 2);
    expect(match.aheadOf(order)).toBe(4);
    match.onSellerTrade(98, 1, 3);
    expect(heard).toEqual(['1 accepted', '1 makes 2@99 done']);
  });

  it('are filled from the best price on, whichever came first, when what may be reduced does not suffice for all', () => {
    const { match, buy, sell, heard } = venue();
    buy(1);
    sell(1, { limit: 103, reduceOnly: true });
    sell(1, { limit: 102, reduceOnly: true });
    match.onBidLevel(104, 1, 2);
    expect(heard.slice(3)).toEqual([
      '3 makes 1@102 done',
      '2 canceled: reduce-only, and there is nothing to reduce',
    ]);
  });

  it('that only reduce never turn the position', () => {
    const { match, buy, sell, heard } = venue();
    sell(1, { reduceOnly: true });
    buy(1);
    sell(5, { limit: 103, reduceOnly: true });
    sell(5, { reduceOnly: true });
    match.onBuyerTrade(104, 1, 2);
    expect(heard).toEqual([
      '1 rejected: reduce-only, and there is nothing to reduce',
      '2 takes 1@101 done',
      '3 accepted',
      '4 takes 1@99',
      '4 canceled: reduce-only, and there is nothing to reduce',
      '3 canceled: reduce-only, and there is nothing to reduce',
    ]);
  });
});

describe('an iceberg', () => {
  it('shows the next part behind all that the level holds when one is used up', () => {
    const { match, buy, heard } = venue();
    const order = buy(3, { limit: 99, display: 1 });
    match.onBidLevel(99, 8, 2);
    // 5 are ahead and 3 behind: of 6 the first 5 pass, 1 is ours, and the next 1 stands behind the 3.
    match.onSellerTrade(99, 6, 3);
    expect(match.aheadOf(order)).toBe(3);
    match.onSellerTrade(99, 3, 4);
    match.onSellerTrade(99, 0.4, 5);
    match.onSellerTrade(99, 0.6, 6);
    expect(heard).toEqual(['1 accepted', '1 makes 1@99', '1 makes 0.4@99', '1 makes 0.6@99']);
  });

  it('whose next part is shown keeps no more ahead of it than the level has', () => {
    const { match, sell } = venue();
    const order = sell(2, { limit: 102, display: 1 });
    match.onAskLevel(102, 7, 2);
    match.onBuyerTrade(102, 4, 3);
    expect(match.aheadOf(order)).toBe(4);
    match.onAskLevel(102, 3, 4);
    expect(match.aheadOf(order)).toBe(3);
  });

  it('gives its hidden part too to a print larger than the level, and to one beyond its price', () => {
    const { match, buy, heard } = venue();
    buy(3, { limit: 99, display: 1 });
    buy(3, { limit: 98, display: 1 });
    match.onBidLevel(99, 8, 2);
    match.onSellerTrade(99, 10.5, 3);
    expect(heard.slice(2)).toEqual(['1 makes 2.5@99']);
    match.onSellerTrade(97, 0.1, 4);
    expect(heard.slice(3)).toEqual(['1 makes 0.5@99 done', '2 makes 3@98 done']);
  });

  it('lets an own order pass that was behind its first part', () => {
    const { match, buy, heard } = venue();
    buy(2, { limit: 99, display: 1 });
    buy(1, { limit: 99 });
    match.onSellerTrade(99, 6, 2);
    match.onSellerTrade(99, 1, 3);
    match.onSellerTrade(99, 1, 4);
    expect(heard.slice(2)).toEqual(['1 makes 1@99', '2 makes 1@99 done', '1 makes 1@99 done']);
  });

  it('takes whole, and hides what then stands', () => {
    const { match, buy, heard } = venue();
    buy(5, { limit: 101, display: 1 });
    match.onAskLevel(101, 0, 2);
    match.onBidLevel(101, 4, 2);
    match.onSellerTrade(101, 2, 3);
    expect(heard).toEqual(['1 takes 2@101', '1 makes 1@101']);
  });
});

describe('a changed order', () => {
  it('keeps its place when it becomes smaller, and loses it when it grows or moves', () => {
    const { match, buy } = venue();
    const order = buy(3, { limit: 99 });
    match.onSellerTrade(99, 4, 2);
    match.onBidLevel(99, 6, 3);
    match.modify(order, 2, 99, 4);
    expect(match.aheadOf(order)).toBe(1);
    match.modify(order, 2.5, 99, 5);
    expect(match.aheadOf(order)).toBe(6);
    match.onSellerTrade(99, 5, 6);
    match.modify(order, 2.5, 98, 7);
    expect(match.aheadOf(order)).toBe(4);
  });

  it('fills no more than its new size, counted with what had filled before', () => {
    const { match, buy, heard } = venue();
    const order = buy(3, { limit: 99 });
    match.onSellerTrade(99, 6, 2);
    match.modify(order, 2, 99, 3);
    match.onSellerTrade(99, 6, 4);
    match.modify(order, 9, 99, 5);
    expect(heard.slice(1)).toEqual([
      '1 makes 1@99',
      '1 becomes 2@99',
      '1 makes 1@99 done',
      '1 too late',
    ]);
  });

  it('ends when as much has filled as it was to become', () => {
    const { match, buy, heard } = venue();
    const order = buy(3, { limit: 99 });
    match.onSellerTrade(99, 7, 2);
    match.modify(order, 2, 99, 3);
    match.onSellerTrade(98, 9, 4);
    expect(heard.slice(2)).toEqual(['1 becomes 2@99', '1 canceled: its new size has filled']);
  });

  it('takes what its new limit reaches, and is canceled there when it is post-only', () => {
    const { match, buy, heard } = venue();
    const order = buy(3, { limit: 99 });
    const shy = buy(3, { limit: 98, postOnly: true });
    match.modify(order, 3, 101, 2);
    match.modify(shy, 3, 102, 3);
    expect(heard.slice(2)).toEqual([
      '1 becomes 3@101',
      '1 takes 2@101',
      '2 becomes 3@102',
      '2 canceled: post-only, and it would take',
    ]);
  });
});
