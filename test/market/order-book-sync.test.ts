import { BookSync } from '@streamscalp/lib/market/book-sync';
import { BUY, DEPTH, DepthBuilder, EXCH, LOCAL } from '@streamscalp/lib/market/depth-columns';
import { correctClock, feedLatency, orderDepth } from '@streamscalp/lib/market/depth-order';
import { describe, expect, it } from 'vitest';

const update = (first: number, last: number, previous = Number.NaN) => ({ first, last, previous });

describe('joining updates to a snapshot', () => {
  it('spot: holds updates, drops those contained, bridges, and then wants each to follow', () => {
    const sync = new BookSync('spot');
    expect(sync.onUpdate(update(95, 100))).toBe('hold');
    const bridge = update(101, 108);
    expect(sync.onUpdate(bridge)).toBe('hold');
    expect(sync.onSnapshot(104)).toEqual([bridge]);
    expect([sync.ready, sync.dropped, sync.contained?.last]).toEqual([true, 1, 100]);
    expect(sync.onUpdate(update(109, 109))).toBe('apply');
    expect(sync.onUpdate(update(105, 109))).toBe('drop');
    expect(sync.onUpdate(update(111, 112))).toBe('gap');
    expect([sync.ready, sync.gaps]).toEqual([false, 1]);
  });

  it('USD-M: bridges across the snapshot id and then follows by the previous id', () => {
    const sync = new BookSync('usdm');
    const bridge = update(98, 104, 97);
    sync.onUpdate(update(90, 97, 89));
    sync.onUpdate(bridge);
    expect(sync.onSnapshot(100)).toEqual([bridge]);
    expect(sync.onUpdate(update(110, 115, 104))).toBe('apply');
    expect(sync.onUpdate(update(117, 119, 116))).toBe('gap');
  });

  it('applies the bridge that comes after the snapshot', () => {
    const sync = new BookSync('spot');
    expect(sync.onSnapshot(50)).toEqual([]);
    expect(sync.onUpdate(update(40, 50))).toBe('drop');
    expect(sync.onUpdate(update(48, 55))).toBe('apply');
    expect(sync.onUpdate(update(56, 60))).toBe('apply');
  });

  it('holds no more than the last 10,000 to 20,000 updates, which is minutes', () => {
    const sync = new BookSync('spot');
    for (let id = 1; id <= 100_000; id++) sync.onUpdate(update(id, id));
    expect(sync.onSnapshot(90_000)).toHaveLength(10_000);
    const late = new BookSync('spot');
    for (let id = 1; id <= 100_000; id++) late.onUpdate(update(id, id));
    expect(late.onSnapshot(79_000)).toBeUndefined();
    expect(late.ready).toBe(false);
  });

  it('refuses a snapshot that is older than what was held, and recovers with the next', () => {
    const sync = new BookSync('spot');
    sync.onUpdate(update(20, 25));
    sync.onUpdate(update(26, 30));
    expect(sync.onSnapshot(10)).toBeUndefined();
    expect([sync.ready, sync.gaps]).toEqual([false, 1]);
    expect(sync.onSnapshot(24)).toEqual([update(20, 25), update(26, 30)]);
    expect(sync.ready).toBe(true);
  });

  it('counts a gap once, however many updates come before the next snapshot', () => {
    const sync = new BookSync('usdm');
    sync.onSnapshot(10);
    sync.onUpdate(update(9, 12, 8));
    expect(sync.onUpdate(update(20, 22, 19))).toBe('gap');
    expect(sync.onUpdate(update(23, 25, 22))).toBe('hold');
    expect(sync.onUpdate(update(26, 29, 25))).toBe('hold');
    expect(sync.onSnapshot(24)).toEqual([update(23, 25, 22), update(26, 29, 25)]);
    expect(sync.gaps).toBe(1);
  });
});

describe('rows of two clocks', () => {
  const received = (rows: readonly (readonly [exch: number, local: number])[]) => {
    const builder = new DepthBuilder();
    rows.forEach(([exch, local], i) => {
      builder.push(DEPTH | BUY, exch, local, i, 1);
    });
    return builder.take();
  };

  it('splits only the rows that overtook each other, and keeps both orders', () => {
    const { ev, tick, exchTs, localTs } = orderDepth(
      received([
        [10, 12],
        [8, 13],
        [11, 14],
      ]),
    );
    const seen = (flag: number) => [...tick].filter((_, row) => (ev[row]! & flag) !== 0);
    expect(seen(EXCH)).toEqual([1, 0, 2]);
    expect(seen(LOCAL)).toEqual([0, 1, 2]);
    expect(ev.length).toBe(4);
    expect([...exchTs].filter((_, row) => ev[row]! & EXCH)).toEqual([8, 10, 11]);
    expect([...localTs].filter((_, row) => ev[row]! & LOCAL)).toEqual([12, 13, 14]);
  });

  it('moves a recorder’s clock that runs behind the venue’s, so that the fastest row took as long as said', () => {
    const columns = received([
      [1000, 900],
      [1010, 950],
    ]);
    expect(correctClock(columns, 2)).toBe(102);
    expect([...columns.localTs]).toEqual([1002, 1052]);
    expect(correctClock(columns)).toBe(0);
  });

  it('keeps rows in the order sent when a modelled latency would let one overtake', () => {
    const lags = [9, 1, 1];
    const columns = feedLatency(() => lags.shift()!)(
      received([
        [10, 10],
        [12, 12],
        [30, 30],
      ]),
    );
    expect([...columns.localTs]).toEqual([19, 19, 31]);
  });
});
