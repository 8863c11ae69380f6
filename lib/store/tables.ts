import { BAR_COLUMNS } from '../market/bar.ts';

/** A column holds doubles, small integers (−128 to 127) or text. */
export type ColumnType = 'double' | 'tiny' | 'text';

/**
 * One kind of rows: what columns it has, which of them tells when a row was known, and which make it the row it is.
 * Everything the store does with rows follows from this description.
 */
export interface Table {
  /** One file holds a UTC day or a UTC year of a series. */
  readonly partition: 'day' | 'year';
  /** When a row was known; files are split and ranges are read by it. */
  readonly time: string;
  /**
   * Rows are ascending by these columns, the time first, and no two agree in all of them: of two that do, the one that
   * came later stands. Empty for prints without an identity.
   */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns of doubles that files from before they were thought of lack; there they are NaN. */
  readonly added?: readonly string[];
}

/**
 * The kinds of rows beside bars. Times are UTC epoch milliseconds, microseconds a fraction; a number that is not known
 * is NaN, a text ''. `ts` and `availableTs` say when a row was known to whoever stood at the venue's door, `eventTs` what
 * the venue stamped on it.
 */
export const TABLES = {
  /** Market prints. `id` is the venue's number, or the print's place in its moment; `aggressor` 1 a buyer, −1 a seller. */
  trades: {
    partition: 'day',
    time: 'ts',
    key: ['ts', 'id'],
    columns: {
      ts: 'double',
      eventTs: 'double',
      id: 'double',
      price: 'double',
      qty: 'double',
      aggressor: 'tiny',
    },
  },
  /** Best bid and ask. `seq` is the venue's update number, or the row's place in its moment. */
  quotes: {
    partition: 'day',
    time: 'ts',
    key: ['ts', 'seq'],
    columns: {
      ts: 'double',
      eventTs: 'double',
      seq: 'double',
      bid: 'double',
      bidQty: 'double',
      ask: 'double',
      askQty: 'double',
    },
  },
  /**
   * Order-book depth. `event` 0: the book is emptied, a snapshot follows; 1: the level at `price` now holds `qty`, 0 of it
   * being gone. `side` 1 bids, −1 asks, 0 both. `seq` as for quotes; levels of one update share it.
   */
  book: {
    partition: 'day',
    time: 'ts',
    key: ['ts', 'seq', 'event', 'side', 'price'],
    columns: {
      ts: 'double',
      eventTs: 'double',
      seq: 'double',
      event: 'tiny',
      side: 'tiny',
      price: 'double',
      qty: 'double',
    },
  },
  /**
   * How much stands near the price, where the levels themselves are not told: `qty` and `notional` are all that lies between
   * the price and `distance` from it, a fraction, below 0 for bids.
   */
  depth: {
    partition: 'day',
    time: 'availableTs',
    key: ['availableTs', 'distance'],
    columns: {
      availableTs: 'double',
      distance: 'double',
      qty: 'double',
      notional: 'double',
    },
  },
  /** Funding of a perpetual, a row a settlement: `rate` is a fraction of notional that longs pay shorts. */
  funding: {
    partition: 'year',
    time: 'availableTs',
    key: ['availableTs'],
    columns: {
      availableTs: 'double',
      rate: 'double',
      markPrice: 'double',
      intervalHours: 'double',
    },
  },
  /**
   * Headlines, under the symbol they are about; `symbols` names all of an article's, parted by a space. `sentiment` in
   * [−1, 1], NaN unscored. An article that was edited is a further row, known later.
   */
  news: {
    partition: 'year',
    time: 'availableTs',
    key: ['availableTs', 'id'],
    columns: {
      availableTs: 'double',
      publishedTs: 'double',
      id: 'text',
      source: 'text',
      symbols: 'text',
      headline: 'text',
      summary: 'text',
      url: 'text',
      sentiment: 'double',
    },
  },
  /**
   * The venue's rules for orders, a row each time they were seen to change; `status` such as TRADING or HALT. Fees are
   * fractions of what is traded, below 0 for a rebate, at the venue's lowest tier.
   */
  rules: {
    partition: 'year',
    time: 'availableTs',
    key: ['availableTs'],
    columns: {
      availableTs: 'double',
      tickSize: 'double',
      lotSize: 'double',
      minQty: 'double',
      maxQty: 'double',
      minNotional: 'double',
      makerRate: 'double',
      takerRate: 'double',
      status: 'text',
    },
    added: ['makerRate', 'takerRate'],
  },
  /**
   * Splits and dividends as announced: `type` is split or dividend, `ratio` the new shares for one old (1 for a dividend),
   * `cash` what a share is paid (0 for a split) in `currency`; they hold from the session that opens at `exTs`. All that is
   * paid ex one day is one dividend; one told again later is a correction.
   */
  actions: {
    partition: 'year',
    time: 'availableTs',
    key: ['availableTs', 'exTs', 'type'],
    columns: {
      availableTs: 'double',
      exTs: 'double',
      payTs: 'double',
      type: 'text',
      ratio: 'double',
      cash: 'double',
      currency: 'text',
    },
  },
} as const satisfies Readonly<Record<string, Table>>;

/** Bars and ticks are rows too, with files of their own shape and columns that `lib/market` names. */
export const BARS: Table = {
  partition: 'year',
  time: 'openTs',
  key: ['openTs'],
  columns: Object.fromEntries(BAR_COLUMNS.map((name) => [name, 'double'])),
};

export const TICKS: Table = {
  partition: 'day',
  time: 'ts',
  key: [],
  columns: { ts: 'double', price: 'double', qty: 'double', aggressor: 'tiny' },
};

export type TableName = keyof typeof TABLES;

export const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

/** The columns of rows of one kind, of equal length. */
export type Rows<K extends TableName> = {
  readonly [C in keyof (typeof TABLES)[K]['columns']]: ColumnOf<(typeof TABLES)[K]['columns'][C]>;
};

type ColumnOf<T> = T extends 'text'
  ? readonly string[]
  : T extends 'tiny'
    ? Int8Array
    : Float64Array;
