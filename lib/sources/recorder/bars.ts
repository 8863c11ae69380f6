import { setTimeout as wait } from 'node:timers/promises';
import type { OHLCV } from 'ccxt';
import type { Millis } from '../../core/time.ts';
import type { BarColumns } from '../../market/bar.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import type { Store } from '../../store/store.ts';
import { ccxtBars } from '../ccxt/bars.ts';
import type { VenueMarket } from '../ccxt/market.ts';
import type { PageSource } from '../pull.ts';
import { BAR_SETTLED, pullBars } from '../pull-bars.ts';
import type { Stream } from './follow.ts';
import type { HotPublisher } from './hot-publisher.ts';
import type { OnRecorded } from './row-buffer.ts';

/**
 * Records bars as they close. The stream only tells that a bar has begun; the one before it is then fetched, because an
 * update that was missed would leave it wrong for ever, and with it all that a break left out.
 */
export class BarRecorder implements Stream<OHLCV[]> {
  readonly what: string;
  total = 0;
  readonly #store: Store;
  readonly #venue: VenueMarket;
  readonly #timeframe: string;
  readonly #source: PageSource<BarColumns>;
  readonly #signal: AbortSignal;
  readonly #onRecorded: OnRecorded;
  readonly #settled: Millis;
  readonly #hot: HotPublisher | undefined;
  /** What was fetched and is not published yet. */
  readonly #fetched: BarColumns[] = [];
  readonly #from: Millis;
  #open: Millis;

  /** @param settled how long to wait after a close, while the venue may still count trades into the bar */
  constructor(
    store: Store,
    venue: VenueMarket,
    timeframe: string,
    signal: AbortSignal,
    onRecorded: OnRecorded,
    settled: Millis = BAR_SETTLED,
    hot?: HotPublisher,
  ) {
    this.what = `${timeframe} bars of ${venue.symbol}`;
    this.#store = store;
    this.#venue = venue;
    this.#timeframe = timeframe;
    this.#source = this.#noted(ccxtBars(venue, timeframe));
    this.#hot = hot;
    this.#signal = signal;
    this.#onRecorded = onRecorded;
    this.#settled = settled;
    const length = timeframeMillis(timeframe);
    this.#from = Math.floor(venue.now / length) * length;
    this.#open = Number.NaN;
  }

  watch = (): Promise<OHLCV[]> =>
    this.#venue.exchange.ccxt.watchOHLCV(this.#venue.symbol, this.#timeframe);

  take = async (bars: OHLCV[]): Promise<void> => {
    const open = bars.at(-1)?.[0];
    if (open === undefined || open === this.#open) return;
    const first = Number.isNaN(this.#open);
    this.#open = open;
    if (first && open <= this.#from) return;
    await wait(this.#settled, undefined, { signal: this.#signal });
    await this.#pull(open);
  };

  lost = async (): Promise<void> => {};

  /** Fetches what has closed before a bar that has begun. */
  async #pull(open: Millis): Promise<void> {
    const { instrument } = this.#venue;
    const span = { from: this.#from, to: Number.POSITIVE_INFINITY };
    const { rows } = await pullBars(
      this.#store,
      instrument,
      this.#timeframe,
      span,
      open + BAR_SETTLED,
      this.#source,
      { signal: this.#signal },
    );
    this.total += rows;
    if (rows > 0) this.#onRecorded('bars', rows, open);
    for (const bars of this.#fetched.splice(0)) await this.#hot?.bars(this.#timeframe, bars);
  }

  /** The same pages; what is in them is told to the hot cache once the disk has it. */
  #noted(source: PageSource<BarColumns>): PageSource<BarColumns> {
    const fetched = this.#fetched;
    return async function* (span) {
      for await (const page of source(span)) {
        fetched.push(page.rows);
        yield page;
      }
    };
  }
}
