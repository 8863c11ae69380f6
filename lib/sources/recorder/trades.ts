import type { Trade } from 'ccxt';
import { HOUR, type Millis } from '../../core/time.ts';
import { PullCoverage } from '../../store/pull-coverage.ts';
import type { Store } from '../../store/store.ts';
import type { Rows } from '../../store/tables.ts';
import { isBinance, type VenueMarket } from '../ccxt/market.ts';
import { askTrades, checkTrades, tradeRows } from '../ccxt/trades.ts';
import type { RowOf } from '../pull-rows.ts';
import type { FollowHooks, Stream } from './follow.ts';
import type { RowBuffer } from './row-buffer.ts';

/** A recording that stopped longer ago is not filled up at the start; that is what a pull is for. */
const LONGEST_CATCH_UP: Millis = HOUR;
/** The venue's history may be a moment behind its stream. */
const CATCH_UP_ATTEMPTS = 5;

/**
 * Records a venue's prints. On Binance their ids are consecutive, so that any that are missing show, whatever lost them
 * (a break, a mute stream, a burst that ccxt's buffer dropped); they are fetched by id before the next is stored. Other
 * venues are asked, after a break, for what was since the last print.
 */
export class TradeRecorder implements Stream<readonly Trade[]> {
  readonly what: string;
  readonly #venue: VenueMarket;
  readonly #buffer: RowBuffer<'trades'>;
  readonly #coverage: PullCoverage;
  readonly #hooks: FollowHooks;
  readonly #consecutive: boolean;
  #lastId = Number.NaN;
  #lastTs: Millis = Number.NaN;
  /** Since when nothing is missing. */
  #wholeFrom: Millis = Number.NaN;
  #broken = false;

  constructor(store: Store, venue: VenueMarket, buffer: RowBuffer<'trades'>, hooks: FollowHooks) {
    this.what = `trades of ${venue.symbol}`;
    this.#venue = venue;
    this.#buffer = buffer;
    this.#hooks = hooks;
    this.#consecutive = isBinance(venue.exchange.ccxt);
    const { instrument } = venue;
    this.#coverage = new PullCoverage(store.root, {
      venue: instrument.venue,
      symbol: instrument.symbol,
      kind: 'trades',
    });
  }

  /** Goes on from what an earlier recording stored, when that was not long ago. */
  async begin(store: Store): Promise<void> {
    await this.#coverage.read();
    const { instrument, now, symbol } = this.#venue;
    if (!this.#consecutive || !(await store.has('trades', instrument))) return;
    const from = now - LONGEST_CATCH_UP;
    const stored = await store.read('trades', instrument, { from });
    const last = stored.id.length - 1;
    if (last < 0) {
      this.#hooks.onNote(
        `trades of ${symbol}: the last stored ones are more than an hour old; \`lab data pull\` fetches those between`,
      );
      return;
    }
    this.#lastId = stored.id[last]!;
    this.#lastTs = stored.ts[last]!;
    this.#wholeFrom = this.#lastTs;
  }

  watch = (): Promise<readonly Trade[]> =>
    this.#venue.exchange.ccxt
      .watchTrades(
        this.#venue.symbol,
        undefined,
        undefined,
        this.#consecutive ? { name: 'aggTrade' } : {},
      )
      .then(checkTrades);

  take = async (trades: readonly Trade[]): Promise<void> => {
    if (!this.#consecutive) {
      if (this.#broken) await this.#askAgain();
      this.#broken = false;
      return this.#keep(trades);
    }
    // A break may lie inside what ccxt hands over at once: its buffer outlives the connection.
    let from = 0;
    for (let i = 0; i < trades.length; i++) {
      const id = Number(trades[i]!.id);
      const before = i === 0 ? this.#lastId : Number(trades[i - 1]!.id);
      if (!(id > before + 1)) continue;
      await this.#keep(trades.slice(from, i));
      await this.#catchUp(id);
      from = i;
    }
    await this.#keep(trades.slice(from));
  };

  lost = async (): Promise<void> => {
    this.#broken = true;
    await this.flush();
  };

  async flush(): Promise<void> {
    const until = this.#lastTs;
    await this.#buffer.flush();
    // More prints of the last moment may be to come, and of the first may have been missed.
    if (this.#consecutive && until > this.#wholeFrom) {
      await this.#coverage.add({ from: this.#wholeFrom, to: until });
    }
  }

  /** Fetches the prints between the last one and `first` by their ids. */
  async #catchUp(first: number): Promise<void> {
    for (let attempt = 1; attempt <= CATCH_UP_ATTEMPTS && this.#lastId + 1 < first; attempt++) {
      const before = this.#lastId;
      const page = await askTrades(this.#venue, { nextId: this.#lastId + 1 });
      await this.#keep(page.filter(({ id }) => Number(id) < first));
      if (this.#lastId > before) attempt = 0;
    }
    if (this.#lastId + 1 >= first) return;
    this.#hooks.onNote(
      `trades of ${this.#venue.symbol}: the venue does not offer ids ${this.#lastId + 1} to ${first - 1} again`,
    );
    await this.flush();
    this.#wholeFrom = Number.NaN;
  }

  async #askAgain(): Promise<void> {
    if (Number.isFinite(this.#lastTs)) {
      await this.#keep(await askTrades(this.#venue, { since: this.#lastTs }));
    }
  }

  async #keep(trades: readonly Trade[]): Promise<void> {
    const fresh = this.#consecutive
      ? trades.filter(({ id }) => !(Number(id) <= this.#lastId))
      : trades;
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#lastId = Number(last.id);
    this.#lastTs = last.timestamp!;
    if (!(this.#wholeFrom <= this.#lastTs)) this.#wholeFrom = fresh[0]!.timestamp! + 1;
    await this.#buffer.add(recordsOf(tradeRows(fresh)));
  }
}

function recordsOf(rows: Rows<'trades'>): RowOf<'trades'>[] {
  const names = Object.keys(rows) as (keyof Rows<'trades'>)[];
  return Array.from(
    rows.ts,
    (_, i) => Object.fromEntries(names.map((name) => [name, rows[name][i]!])) as RowOf<'trades'>,
  );
}
