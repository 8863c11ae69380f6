import {
  BUY,
  DEPTH,
  EXCH,
  KIND,
  LOCAL,
  microsecond,
  TRADE,
} from '@streamscalp/lib/market/depth-columns';
import { readDepth } from './depth.ts';
import type { Proof } from './proof.ts';
import type { Performance } from './serve.ts';
import type { Work } from './work.ts';

/*
 * The limit of the replay: two books as flat columns, our two quotes as numbers, and nothing that another strategy
 * would need. limit-replay.c is the same.
 */

/** A book from tick `base` on; best prices as places in the columns. */
class FlatBook {
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  bestBid = 0;
  bestAsk: number;

  constructor(size: number) {
    this.bids = new Float64Array(size);
    this.asks = new Float64Array(size);
    this.bestAsk = size - 1;
  }

  clear(): void {
    this.bids.fill(0);
    this.asks.fill(0);
    this.bestBid = 0;
    this.bestAsk = this.asks.length - 1;
  }

  /** @returns what was there */
  setBid(at: number, qty: number): number {
    const { bids, asks } = this;
    if (at >>> 0 >= bids.length) return 0;
    const before = bids[at]!;
    bids[at] = qty;
    if (qty > 0) {
      if (at > this.bestBid) this.bestBid = at;
      while (this.bestAsk <= at) {
        asks[this.bestAsk] = 0;
        while (++this.bestAsk < asks.length - 1 && asks[this.bestAsk] === 0);
      }
    } else if (at === this.bestBid) while (--this.bestBid > 0 && bids[this.bestBid] === 0);
    return before;
  }

  setAsk(at: number, qty: number): number {
    const { bids, asks } = this;
    if (at >>> 0 >= bids.length) return 0;
    const before = asks[at]!;
    asks[at] = qty;
    if (qty > 0) {
      if (at < this.bestAsk) this.bestAsk = at;
      while (this.bestBid >= at) {
        bids[this.bestBid] = 0;
        while (--this.bestBid > 0 && bids[this.bestBid] === 0);
      }
    } else if (at === this.bestAsk) {
      while (++this.bestAsk < asks.length - 1 && asks[this.bestAsk] === 0);
    }
    return before;
  }
}

/** Messages one way; never more than a few are under way. */
class Wire {
  nextTs = Number.POSITIVE_INFINITY;
  kind = 0;
  at = 0;
  private readonly ts = new Float64Array(64);
  private readonly kinds = new Uint8Array(64);
  private readonly ats = new Int32Array(64);
  private head = 0;
  private tail = 0;

  send(kind: number, ts: number, at: number): void {
    const slot = this.tail++ & 63;
    this.ts[slot] = ts;
    this.kinds[slot] = kind;
    this.ats[slot] = at;
    if (this.tail - this.head === 1) this.nextTs = ts;
  }

  receive(): void {
    const slot = this.head++ & 63;
    this.kind = this.kinds[slot]!;
    this.at = this.ats[slot]!;
    this.nextTs = this.head === this.tail ? Number.POSITIVE_INFINITY : this.ts[this.head & 63]!;
  }
}

/** Kinds of messages; the side, 0 our bid and 1 our ask, is added. */
const PLACE = 0;
const CANCEL = 2;
const TAKE = 4;
const STANDS = 0;
const MADE = 2;
const ENDED = 4;
const LATE = 6;
const TOOK = 8;

const EVERY = 100;

export function replayLimit(folder: string, work: Work): Performance {
  const { ev, exchTs, localTs, tick, qty } = readDepth(folder, work.rows);
  const [tickSize = 0, lot = 0, latency = 0, away = 0, most = 0, makerFee = 0] = work.configs[0]!;
  const takerFee = work.fee;
  const rows = ev.length;
  const perUnit = Math.round(1 / tickSize);
  const perLot = Math.round(1 / lot);
  // Levels further than a tenth from the first print never matter.
  const middle = tick[ev.findIndex((what) => (what & KIND) === TRADE)]!;
  const base = Math.floor(middle * 0.9);
  const size = Math.floor(middle * 0.2);
  const [venue, ours] = [new FlatBook(size), new FlatBook(size)];
  const fills = new Int32Array(3 * 20_000);
  let filled = 0;
  let money = 0;
  let held = 0;

  function replay(): void {
    venue.clear();
    ours.clear();
    filled = 0;
    money = 0;
    held = 0;
    const [toVenue, toUs] = [new Wire(), new Wire()];
    // Our quotes as we know them: 0 none, 1 sent, 2 standing; and as the venue knows them.
    const [state, place, canceling] = [new Uint8Array(2), new Int32Array(2), new Uint8Array(2)];
    const [stands, at] = [new Uint8Array(2), new Int32Array(2)];
    const [ahead, traded] = [new Float64Array(2), new Float64Array(2)];
    let e = -1;
    let l = -1;
    do e++;
    while (e < rows && (ev[e]! & EXCH) === 0);
    do l++;
    while (l < rows && (ev[l]! & LOCAL) === 0);
    const startTs = Math.min(exchTs[e]!, localTs[l]!);
    let timers = 1;
    let timerTs = startTs + EVERY;

    const fill = (side: number, code: number, ts: number, where: number) => {
      fills[3 * filled] = side === 0 ? code : -code;
      fills[3 * filled + 1] = Math.round((ts - startTs) * 1000);
      fills[3 * filled++ + 2] = where + base;
      toUs.send((code === 1 ? MADE : TOOK) + side, microsecond(ts + latency), where);
    };
    const makes = (side: number, ts: number) => {
      stands[side] = 0;
      fill(side, 1, ts, at[side]!);
    };
    const level = (side: number, before: number, after: number) => {
      const left = before - after - traded[side]!;
      traded[side] = 0;
      const front = ahead[side]!;
      if (left > 0) {
        const behind = before - front;
        const share = (behind * behind) / (behind * behind + front * front);
        const moved = front - (1 - share) * left + Math.min(behind - share * left, 0);
        if (moved < front) ahead[side] = Math.max(moved, 0);
      }
      ahead[side] = Math.min(ahead[side]!, after);
    };
    const print = (side: number, where: number, units: number, ts: number) => {
      if (stands[side] === 0) return;
      const beyond = side === 0 ? at[side]! - where : where - at[side]!;
      if (beyond > 0) makes(side, ts);
      else if (beyond === 0) {
        ahead[side]! -= units;
        traded[side]! += units;
        if (Math.round(-ahead[side]! / lot) > 0) makes(side, ts);
      }
    };

    for (;;) {
      const rowTs = l < rows ? localTs[l]! : Number.POSITIVE_INFINITY;
      const happenedTs = e < rows ? exchTs[e]! : Number.POSITIVE_INFINITY;
      const oursTs = Math.min(rowTs, toUs.nextTs);
      const theirsTs = Math.min(happenedTs, toVenue.nextTs);
      if (Math.min(oursTs, theirsTs) === Number.POSITIVE_INFINITY) break;
      if (timerTs < oursTs && timerTs < theirsTs) {
        const sent = microsecond(timerTs + latency);
        for (let side = 0; side < 2; side++) {
          const want = side === 0 ? ours.bestBid - away : ours.bestAsk + away;
          if (state[side] === 0) {
            if (side === 0 ? held < most : held > -most) {
              state[side] = 1;
              place[side] = want;
              canceling[side] = 0;
              toVenue.send(PLACE + side, sent, want);
            }
          } else if (place[side] !== want && state[side] === 2 && canceling[side] === 0) {
            canceling[side] = 1;
            toVenue.send(CANCEL + side, sent, 0);
          }
        }
        if (timers % 50 === 0 && held !== 0) {
          if (held > 0) toVenue.send(TAKE + 1, sent, ours.bestBid - 50);
          else toVenue.send(TAKE, sent, ours.bestAsk + 50);
        }
        timerTs = microsecond(startTs + ++timers * EVERY);
      } else if (oursTs <= theirsTs && rowTs <= toUs.nextTs) {
        const kind = ev[l]! & KIND;
        if (kind === DEPTH) {
          if ((ev[l]! & BUY) !== 0) ours.setBid(tick[l]! - base, qty[l]!);
          else ours.setAsk(tick[l]! - base, qty[l]!);
        } else if (kind !== TRADE) ours.clear();
        do l++;
        while (l < rows && (ev[l]! & LOCAL) === 0);
      } else if (oursTs <= theirsTs) {
        toUs.receive();
        const { kind } = toUs;
        const side = kind & 1;
        if (kind < MADE) state[side] = 2;
        else if (kind < ENDED || kind >= TOOK) {
          const price = (toUs.at + base) / perUnit;
          const sign = side === 0 ? 1 : -1;
          money -= sign * lot * price + lot * price * (kind < ENDED ? makerFee : takerFee);
          held += sign;
          if (kind < ENDED) state[side] = 0;
        } else if (kind < LATE) state[side] = 0;
        else canceling[side] = 0;
      } else if (happenedTs <= toVenue.nextTs) {
        const kind = ev[e]! & KIND;
        const buys = (ev[e]! & BUY) !== 0;
        const where = tick[e]! - base;
        if (kind === DEPTH && buys) {
          const best = venue.bestBid;
          const before = venue.setBid(where, qty[e]!);
          if (stands[0] === 1 && at[0] === where) level(0, before, qty[e]!);
          if (stands[1] === 1 && venue.bestBid > best && at[1]! <= venue.bestBid) {
            makes(1, happenedTs);
          }
        } else if (kind === DEPTH) {
          const best = venue.bestAsk;
          const before = venue.setAsk(where, qty[e]!);
          if (stands[1] === 1 && at[1] === where) level(1, before, qty[e]!);
          if (stands[0] === 1 && venue.bestAsk < best && at[0]! >= venue.bestAsk) {
            makes(0, happenedTs);
          }
        } else if (kind === TRADE) print(buys ? 1 : 0, where, qty[e]!, happenedTs);
        else venue.clear();
        do e++;
        while (e < rows && (ev[e]! & EXCH) === 0);
      } else {
        const ts = toVenue.nextTs;
        toVenue.receive();
        const { kind, at: where } = toVenue;
        const side = kind & 1;
        const heard = microsecond(ts + latency);
        if (kind >= TAKE) {
          const best = side === 0 ? venue.bestAsk : venue.bestBid;
          if (side === 0 ? where < best : where > best) continue;
          const there = side === 0 ? venue.asks[best]! : venue.bids[best]!;
          const rest = Math.round((there - lot) * perLot) / perLot;
          if (side === 0) venue.setAsk(best, rest);
          else venue.setBid(best, rest);
          fill(side, 2, ts, best);
        } else if (kind >= CANCEL) {
          toUs.send((stands[side] === 1 ? ENDED : LATE) + side, heard, 0);
          stands[side] = 0;
        } else if (side === 0 ? where >= venue.bestAsk : where <= venue.bestBid) {
          toUs.send(ENDED + side, heard, 0);
        } else {
          stands[side] = 1;
          at[side] = where;
          ahead[side] = (side === 0 ? venue.bids : venue.asks)[where]!;
          traded[side] = 0;
          toUs.send(STANDS + side, heard, 0);
        }
      }
    }
  }

  return {
    run: replay,
    prove(): Proof {
      replay();
      const middle = ((ours.bestBid + base) / perUnit + (ours.bestAsk + base) / perUnit) / 2;
      const order = Array.from({ length: filled }, (_, i) => [...fills.subarray(3 * i, 3 * i + 3)]);
      order.sort((a, b) => a[1]! - b[1]! || Math.sign(a[0]!) - Math.sign(b[0]!));
      return {
        rows: Int32Array.from(order.flat()),
        values: Float64Array.of(money + held * lot * middle, held),
      };
    },
  };
}
