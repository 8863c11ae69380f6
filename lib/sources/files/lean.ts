import { LabError } from '../../core/errors.ts';
import { DAY, MINUTE, type Millis } from '../../core/time.ts';
import { allocateBars, type BarColumns, sliceBars } from '../../market/bar.ts';
import { newYorkTime } from '../../market/sessions/new-york-time.ts';
import { timeframeMillis } from '../../market/timeframe.ts';
import { finishBars } from '../finish-bars.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { barPart, type FileContent, type Part, pairOf, tickPart } from './content.ts';
import { type Cells, cellsOf } from './lines.ts';

const TIMEFRAMES: Readonly<Record<string, string>> = {
  second: '1s',
  minute: '1m',
  hour: '1h',
  daily: '1d',
};

/** What LEAN says by where a file lies: `equity/usa/minute/spy/20131007_trade.zip`, `crypto/coinbase/daily/btcusd_trade.zip`. */
interface LeanPlace {
  readonly equity: boolean;
  readonly future: boolean;
  readonly market: string;
  readonly resolution: string;
  readonly symbol: string;
  /** Midnight UTC of the day a file holds; NaN where its rows have dates. */
  readonly day: Millis;
  readonly quotes: boolean;
}

const PLACE =
  /(equity|crypto|cryptofuture)\/([\w-]+)\/(tick|second|minute|hour|daily)\/(?:([^/]+)\/)?([^/]+)\.zip$/i;

/** Whether the folders around a zip say what LEAN has in it. */
export const isLeanPlace = (path: string) => PLACE.test(path.replaceAll('\\', '/'));

/** @throws LabError `usage` when the folders around it do not say what it is */
export function leanPlace(path: string): LeanPlace {
  const match = PLACE.exec(path.replaceAll('\\', '/'));
  const [, asset = '', market = '', resolution = '', folder, name = ''] = match ?? [];
  const dated = /^(\d{4})(\d\d)(\d\d)_(trade|quote)/.exec(name);
  const whole = /^([^_]+)(?:_(trade|quote))?/.exec(name);
  if (!match || (folder !== undefined && !dated)) {
    throw new LabError(
      'usage',
      `${path} is a zip of CSV; of LEAN's it is read by its folders, such as equity/usa/minute/spy/20131007_trade.zip or crypto/coinbase/daily/btcusd_trade.zip; keep those, or unzip it and import the CSV`,
    );
  }
  return {
    equity: asset.toLowerCase() === 'equity',
    future: asset.toLowerCase() === 'cryptofuture',
    market: market.toLowerCase(),
    resolution: resolution.toLowerCase(),
    symbol: folder ?? whole?.[1] ?? name,
    day: dated ? Date.UTC(Number(dated[1]), Number(dated[2]) - 1, Number(dated[3])) : Number.NaN,
    quotes: (dated?.[4] ?? whole?.[2]) === 'quote',
  };
}

/**
 * Reads the CSV of a LEAN zip. Prices of shares are in hundredths of a cent and times in New York; those of crypto are
 * plain, in UTC. Of quote bars the last bid and ask are kept, known when the bar ends.
 *
 * @param path where the zip lies, which says what it holds
 */
export function readLean(text: string, path: string, file: string): FileContent {
  const place = leanPlace(path);
  const { equity, market, symbol } = place;
  const part = partOf(place, text, file);
  const pair = pairOf(symbol);
  const [base = '', quote] = pair.split('/');
  // Futures that are quoted in dollars themselves settle in the coin.
  const settled = place.future ? `${pair}:${quote === 'USD' ? base : quote}` : pair;
  return {
    format: 'LEAN zip',
    zone: equity ? 'New York' : 'UTC',
    symbol: equity ? symbol.toUpperCase() : settled,
    venue: market,
    calendar: equity ? 'us-equity' : '24/7',
    ...(quote !== undefined && { quote }),
    parts: [part.part],
    notes: part.notes,
  };
}

function partOf(place: LeanPlace, text: string, file: string) {
  if (place.resolution === 'tick') return { part: ticks(place, text, file), notes: [] };
  const timeframe = TIMEFRAMES[place.resolution]!;
  if (place.quotes) return { part: quoteBars(place, text, file, timeframe), notes: [] };
  const { bars, notes } = finishBars(tradeBars(place, text, file), file, [], { timeframe });
  return { part: barPart(timeframe, bars), notes };
}

function tradeBars(place: LeanPlace, text: string, file: string) {
  const rows = [...cellsOf(text, file)];
  const bars: BarColumns = allocateBars(rows.length);
  const scale = priceScale(place);
  rows.forEach((cells, i) => {
    cells.expect([6], 'a trade bar of LEAN');
    bars.openTs[i] = moment(place, cells);
    bars.open[i] = cells.number(1, 'open') / scale;
    bars.high[i] = cells.number(2, 'high') / scale;
    bars.low[i] = cells.number(3, 'low') / scale;
    bars.close[i] = cells.number(4, 'close') / scale;
    bars.volume[i] = cells.number(5, 'volume');
  });
  if (rows.length === 0) throw new LabError('data', `${file} holds no bars`);
  return {
    bars: sliceBars(bars, 0, rows.length),
    lines: Uint32Array.from(rows, (_, i) => i + 1),
  };
}

function quoteBars(place: LeanPlace, text: string, file: string, timeframe: string): Part {
  const scale = priceScale(place);
  const length = timeframeMillis(timeframe);
  const rows: RowOf<'quotes'>[] = [];
  for (const cells of cellsOf(text, file)) {
    cells.expect([11], 'a quote bar of LEAN');
    const ts = moment(place, cells) + length;
    const side = (at: number, name: string) =>
      cells.text(at) === '' ? Number.NaN : cells.number(at, name) / scale;
    const size = (at: number, name: string) =>
      cells.text(at) === '' ? Number.NaN : cells.number(at, name);
    rows.push({
      ts,
      eventTs: ts,
      seq: 0,
      bid: side(4, 'bid close'),
      bidQty: size(5, 'bid size'),
      ask: side(9, 'ask close'),
      askQty: size(10, 'ask size'),
    });
  }
  return tickPart('quotes', rowsFrom('quotes', rows));
}

/** Prints and quotes of shares; those that LEAN marks as suspicious are left out. */
function ticks(place: LeanPlace, text: string, file: string): Part {
  if (!place.equity) {
    throw new LabError(
      'data',
      `${file} holds ticks of crypto, which are not read; import its bars`,
    );
  }
  const scale = priceScale(place);
  const suspicious = place.quotes ? 7 : 5;
  const trades: RowOf<'trades'>[] = [];
  const quotes: RowOf<'quotes'>[] = [];
  let seq = 0;
  let last = Number.NaN;
  for (const cells of cellsOf(text, file)) {
    cells.expect([suspicious + 1], `a ${place.quotes ? 'quote' : 'trade'} tick of LEAN`);
    if (cells.text(suspicious) !== '0') continue;
    const ts = moment(place, cells);
    seq = ts === last ? seq + 1 : 0;
    last = ts;
    if (place.quotes) {
      const bid = cells.number(1, 'bid') / scale || Number.NaN;
      const ask = cells.number(3, 'ask') / scale || Number.NaN;
      const bidQty = Number.isNaN(bid) ? bid : cells.number(2, 'bid size');
      const askQty = Number.isNaN(ask) ? ask : cells.number(4, 'ask size');
      quotes.push({ ts, eventTs: ts, seq, bid, bidQty, ask, askQty });
    } else {
      const price = cells.number(1, 'price') / scale;
      trades.push({ ts, eventTs: ts, id: seq, price, qty: cells.number(2, 'size'), aggressor: 0 });
    }
  }
  return place.quotes
    ? tickPart('quotes', rowsFrom('quotes', quotes))
    : tickPart('trades', rowsFrom('trades', trades));
}

const priceScale = ({ equity }: LeanPlace) => (equity ? 10_000 : 1);

/** Milliseconds since midnight of the file's day, or `yyyyMMdd HH:mm`, by the clock of the market. */
function moment({ day, equity }: LeanPlace, cells: Cells): Millis {
  let midnight = day;
  let since: Millis;
  if (Number.isNaN(day)) {
    const match = /^(\d{4})(\d\d)(\d\d) (\d\d):(\d\d)$/.exec(cells.text(0));
    if (!match) throw cells.wrong('time', `"${cells.text(0)}"`, 'yyyyMMdd HH:mm');
    const [year, month, date, hour, minute] = match.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    midnight = Date.UTC(year, month - 1, date);
    since = (hour * 60 + minute) * MINUTE;
  } else {
    since = cells.number(0, 'time');
    if (since < 0 || since > DAY) {
      throw cells.wrong('time', cells.text(0), 'milliseconds since midnight, 0 to 86400000');
    }
  }
  return equity ? newYorkTime(midnight / DAY, since / MINUTE) : midnight + since;
}
