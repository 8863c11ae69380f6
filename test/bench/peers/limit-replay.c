/* The limit of the replay of depth in C: plain-replay.ts, line by line. */
#define _POSIX_C_SOURCE 200809L
#include "limit-replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KIND = 3, DEPTH = 0, TRADE = 1, BUY = 4, EXCH = 16, LOCAL = 32 };
enum { PLACE = 0, CANCEL = 2, TAKE = 4, STANDS = 0, MADE = 2, ENDED = 4, LATE = 6, TOOK = 8 };
static const double EVERY = 100;

typedef struct {
  double *bids, *asks;
  int best_bid, best_ask;
} Book;

typedef struct {
  double next_ts, ts[64];
  int kinds[64], ats[64];
  unsigned head, tail;
  int kind, at;
} Wire;

static int rows, size, base, away, most, filled, held;
static const unsigned char *ev;
static const double *exch_ts, *local_ts, *qty;
static const int *tick;
static double lot, latency, maker_fee, taker_fee, per_unit, per_lot, money;
static Book venue, ours;
static int fills[3 * 20000];

/* State of one replay. */
static Wire to_venue, to_us;
static int stands[2], at[2];
static double ahead[2], traded[2], start_ts;

static double microsecond(double ts) { return floor(ts * 1000 + 0.5) / 1000; }

static void clear(Book *book) {
  memset(book->bids, 0, size * sizeof(double));
  memset(book->asks, 0, size * sizeof(double));
  book->best_bid = 0;
  book->best_ask = size - 1;
}

static void next_bid(Book *b) {
  while (--b->best_bid > 0 && b->bids[b->best_bid] == 0) {
  }
}

static void next_ask(Book *b) {
  while (++b->best_ask < size - 1 && b->asks[b->best_ask] == 0) {
  }
}

static double set_bid(Book *b, int where, double units) {
  if ((unsigned)where >= (unsigned)size) return 0;
  const double before = b->bids[where];
  b->bids[where] = units;
  if (units > 0) {
    if (where > b->best_bid) b->best_bid = where;
    while (b->best_ask <= where) {
      b->asks[b->best_ask] = 0;
      next_ask(b);
    }
  } else if (where == b->best_bid) next_bid(b);
  return before;
}

static double set_ask(Book *b, int where, double units) {
  if ((unsigned)where >= (unsigned)size) return 0;
  const double before = b->asks[where];
  b->asks[where] = units;
  if (units > 0) {
    if (where < b->best_ask) b->best_ask = where;
    while (b->best_bid >= where) {
      b->bids[b->best_bid] = 0;
      next_bid(b);
    }
  } else if (where == b->best_ask) next_ask(b);
  return before;
}

static void send(Wire *wire, int kind, double ts, int where) {
  const unsigned slot = wire->tail++ & 63;
  wire->ts[slot] = ts;
  wire->kinds[slot] = kind;
  wire->ats[slot] = where;
  if (wire->tail - wire->head == 1) wire->next_ts = ts;
}

static void receive(Wire *wire) {
  const unsigned slot = wire->head++ & 63;
  wire->kind = wire->kinds[slot];
  wire->at = wire->ats[slot];
  wire->next_ts = wire->head == wire->tail ? INFINITY : wire->ts[wire->head & 63];
}

static void fill(int side, int code, double ts, int where) {
  fills[3 * filled] = side == 0 ? code : -code;
  fills[3 * filled + 1] = (int)floor((ts - start_ts) * 1000 + 0.5);
  fills[3 * filled++ + 2] = where + base;
  send(&to_us, (code == 1 ? MADE : TOOK) + side, microsecond(ts + latency), where);
}

static void makes(int side, double ts) {
  stands[side] = 0;
  fill(side, 1, ts, at[side]);
}

static void level(int side, double before, double after) {
  const double left = before - after - traded[side], front = ahead[side];
  traded[side] = 0;
  if (left > 0) {
    const double behind = before - front;
    const double share = behind * behind / (behind * behind + front * front);
    const double more = behind - share * left;
    const double moved = front - (1 - share) * left + (more < 0 ? more : 0);
    if (moved < front) ahead[side] = moved > 0 ? moved : 0;
  }
  if (after < ahead[side]) ahead[side] = after;
}

static void print(int side, int where, double units, double ts) {
  if (!stands[side]) return;
  const int beyond = side == 0 ? at[side] - where : where - at[side];
  if (beyond > 0) makes(side, ts);
  else if (beyond == 0) {
    ahead[side] -= units;
    traded[side] += units;
    if (floor(-ahead[side] / lot + 0.5) > 0) makes(side, ts);
  }
}

void replay(void) {
  int state[2] = {0}, place[2] = {0}, canceling[2] = {0};
  clear(&venue);
  clear(&ours);
  filled = held = 0;
  money = 0;
  memset(stands, 0, sizeof stands);
  to_venue = to_us = (Wire){.next_ts = INFINITY};
  int e = 0, l = 0;
  while (e < rows && !(ev[e] & EXCH)) e++;
  while (l < rows && !(ev[l] & LOCAL)) l++;
  start_ts = fmin(exch_ts[e], local_ts[l]);
  int timers = 1;
  double timer_ts = start_ts + EVERY;
  for (;;) {
    const double row_ts = l < rows ? local_ts[l] : INFINITY;
    const double happened_ts = e < rows ? exch_ts[e] : INFINITY;
    const double ours_ts = row_ts < to_us.next_ts ? row_ts : to_us.next_ts;
    const double theirs_ts = happened_ts < to_venue.next_ts ? happened_ts : to_venue.next_ts;
    if (ours_ts == INFINITY && theirs_ts == INFINITY) break;
    if (timer_ts < ours_ts && timer_ts < theirs_ts) {
      const double sent = microsecond(timer_ts + latency);
      for (int side = 0; side < 2; side++) {
        const int want = side == 0 ? ours.best_bid - away : ours.best_ask + away;
        if (state[side] == 0) {
          if (side == 0 ? held < most : held > -most) {
            state[side] = 1;
            place[side] = want;
            canceling[side] = 0;
            send(&to_venue, PLACE + side, sent, want);
          }
        } else if (place[side] != want && state[side] == 2 && !canceling[side]) {
          canceling[side] = 1;
          send(&to_venue, CANCEL + side, sent, 0);
        }
      }
      if (timers % 50 == 0 && held > 0) send(&to_venue, TAKE + 1, sent, ours.best_bid - 50);
      if (timers % 50 == 0 && held < 0) send(&to_venue, TAKE, sent, ours.best_ask + 50);
      timer_ts = microsecond(start_ts + ++timers * EVERY);
    } else if (ours_ts <= theirs_ts && row_ts <= to_us.next_ts) {
      const int kind = ev[l] & KIND;
      if (kind == DEPTH) {
        if (ev[l] & BUY) set_bid(&ours, tick[l] - base, qty[l]);
        else set_ask(&ours, tick[l] - base, qty[l]);
      } else if (kind != TRADE) clear(&ours);
      do l++;
      while (l < rows && !(ev[l] & LOCAL));
    } else if (ours_ts <= theirs_ts) {
      receive(&to_us);
      const int kind = to_us.kind, side = kind & 1;
      if (kind < MADE) state[side] = 2;
      else if (kind < ENDED || kind >= TOOK) {
        const double price = (to_us.at + base) / per_unit;
        const int sign = side == 0 ? 1 : -1;
        money -= sign * lot * price + lot * price * (kind < ENDED ? maker_fee : taker_fee);
        held += sign;
        if (kind < ENDED) state[side] = 0;
      } else if (kind < LATE) state[side] = 0;
      else canceling[side] = 0;
    } else if (happened_ts <= to_venue.next_ts) {
      const int kind = ev[e] & KIND, buys = ev[e] & BUY, where = tick[e] - base;
      if (kind == DEPTH && buys) {
        const int best = venue.best_bid;
        const double before = set_bid(&venue, where, qty[e]);
        if (stands[0] && at[0] == where) level(0, before, qty[e]);
        if (stands[1] && venue.best_bid > best && at[1] <= venue.best_bid) makes(1, happened_ts);
      } else if (kind == DEPTH) {
        const int best = venue.best_ask;
        const double before = set_ask(&venue, where, qty[e]);
        if (stands[1] && at[1] == where) level(1, before, qty[e]);
        if (stands[0] && venue.best_ask < best && at[0] >= venue.best_ask) makes(0, happened_ts);
      } else if (kind == TRADE) print(buys ? 1 : 0, where, qty[e], happened_ts);
      else clear(&venue);
      do e++;
      while (e < rows && !(ev[e] & EXCH));
    } else {
      const double ts = to_venue.next_ts, heard = microsecond(ts + latency);
      receive(&to_venue);
      const int kind = to_venue.kind, where = to_venue.at, side = kind & 1;
      if (kind >= TAKE) {
        const int best = side == 0 ? venue.best_ask : venue.best_bid;
        if (side == 0 ? where < best : where > best) continue;
        const double there = side == 0 ? venue.asks[best] : venue.bids[best];
        const double rest = floor((there - lot) * per_lot + 0.5) / per_lot;
        if (side == 0) set_ask(&venue, best, rest);
        else set_bid(&venue, best, rest);
        fill(side, 2, ts, best);
      } else if (kind >= CANCEL) {
        send(&to_us, (stands[side] ? ENDED : LATE) + side, heard, 0);
        stands[side] = 0;
      } else if (side == 0 ? where >= venue.best_ask : where <= venue.best_bid) {
        send(&to_us, ENDED + side, heard, 0);
      } else {
        stands[side] = 1;
        at[side] = where;
        ahead[side] = (side == 0 ? venue.bids : venue.asks)[where];
        traded[side] = 0;
        send(&to_us, STANDS + side, heard, 0);
      }
    }
  }
}

void replay_load(int count, double fee, const double *config, const void *(*column)(const char *)) {
  rows = count;
  ev = column("ev.u8");
  exch_ts = column("exchTs.f64");
  local_ts = column("localTs.f64");
  tick = column("tick.i32");
  qty = column("qty.f64");
  per_unit = round(1 / config[0]);
  lot = config[1];
  per_lot = round(1 / lot);
  latency = config[2];
  away = (int)config[3];
  most = (int)config[4];
  maker_fee = config[5];
  taker_fee = fee;
  int first = 0;
  while ((ev[first] & KIND) != TRADE) first++;
  base = (int)floor(tick[first] * 0.9);
  size = (int)floor(tick[first] * 0.2);
  venue.bids = calloc(size, sizeof(double));
  venue.asks = calloc(size, sizeof(double));
  ours.bids = calloc(size, sizeof(double));
  ours.asks = calloc(size, sizeof(double));
}

static int by_time(const void *a, const void *b) {
  const int *x = a, *y = b;
  return x[1] != y[1] ? (x[1] > y[1]) - (x[1] < y[1]) : (x[0] > 0) - (y[0] > 0);
}

void replay_prove(FILE *kept, FILE *values) {
  replay();
  qsort(fills, filled, 3 * sizeof(int), by_time);
  fwrite(fills, 3 * sizeof(int), filled, kept);
  const double middle = ((ours.best_bid + base) / per_unit + (ours.best_ask + base) / per_unit) / 2;
  const double found[2] = {money + held * lot * middle, held};
  fwrite(found, sizeof(double), 2, values);
}
