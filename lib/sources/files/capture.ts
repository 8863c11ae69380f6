import { BUY, DEPTH, KIND, LOCAL, TRADE } from '../../market/depth-columns.ts';
import { readBinanceCapture } from '../binance-capture.ts';
import { type RowOf, rowsFrom } from '../pull-rows.ts';
import { type FileContent, pairOf, type Said, tickPart } from './content.ts';

/** Whether a line is one of a raw capture as hftbacktest's collector writes it: local nanoseconds and a frame. */
export const isCapture = (line: string) => /^\d{19} \{/.test(line);

/**
 * Reads a raw capture of Binance's streams as the book and the prints that arrived, at the times they did.
 *
 * @param head the first lines, which show the market, its symbol and its price step
 */
export async function readCapture(path: string, head: string, said: Said): Promise<FileContent> {
  const usdm = /"pu":\d/.test(head);
  const name = /"s":"(\w+)"/.exec(head)?.[1] ?? '';
  const pair = pairOf(name);
  const tickSize = said.tickSize ?? priceStep(head);
  const { columns, snapshots, gaps, clockShift } = await readBinanceCapture(path, {
    market: usdm ? 'usdm' : 'spot',
    tickSize,
  });
  const book: RowOf<'book'>[] = [];
  const trades: RowOf<'trades'>[] = [];
  let seq = 0;
  let place = 0;
  let [lastLocal, lastExch, lastPrint] = [0, 0, 0];
  for (let row = 0; row < columns.ev.length; row++) {
    const ev = columns.ev[row]!;
    if ((ev & LOCAL) === 0) continue;
    const [ts, eventTs] = [columns.localTs[row]!, columns.exchTs[row]!];
    const price = Math.round(columns.tick[row]! * tickSize * 1e10) / 1e10;
    const qty = columns.qty[row]!;
    const side = (ev & BUY) !== 0 ? 1 : -1;
    const kind = ev & KIND;
    if (kind === TRADE) {
      place = ts === lastPrint ? place + 1 : 0;
      lastPrint = ts;
      trades.push({ ts, eventTs, id: place, price, qty, aggressor: side });
      continue;
    }
    // A snapshot and a gap both empty the book; rows of one message share a number.
    if (kind !== DEPTH || ts !== lastLocal || eventTs !== lastExch) seq++;
    [lastLocal, lastExch] = [ts, eventTs];
    if (kind === DEPTH) book.push({ ts, eventTs, seq, event: 1, side, price, qty });
    else book.push({ ts, eventTs, seq, event: 0, side: 0, price: 0, qty: 0 });
  }
  const notes = [
    `price step ${tickSize}${said.tickSize === undefined ? ', read off the prices; --tick sets it' : ''}`,
  ];
  notes.push(`${snapshots} snapshots of the book, ${gaps} gaps`);
  if (clockShift > 0) notes.push(`the recorder's clock was moved by ${clockShift} ms`);
  return {
    format: 'raw capture of Binance',
    zone: 'UTC',
    venue: 'binance',
    symbol: usdm ? `${pair}:${pair.split('/')[1]}` : pair,
    parts: [
      tickPart('book', rowsFrom('book', book)),
      tickPart('trades', rowsFrom('trades', trades)),
    ],
    notes,
  };
}

/** The last decimal that any price has. */
function priceStep(head: string): number {
  const prices = [...head.matchAll(/(?:"p":|\[)"(\d+\.\d+)"/g)].map(([, price]) => price!);
  const decimals = prices.map((price) => price.replace(/0+$/, '').split('.')[1]!.length);
  return 10 ** -Math.max(0, ...decimals);
}
