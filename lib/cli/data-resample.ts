import { type Command, InvalidArgumentError } from 'commander';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { BAR_COLUMNS, type BarColumns } from '../market/bar.ts';
import { dollarBars } from '../market/dollar-bars.ts';
import type { Instrument } from '../market/instrument.ts';
import { resampleBars } from '../market/resample.ts';
import { sessionBars } from '../market/resample-sessions.ts';
import { barsFromTicks } from '../market/resample-ticks.ts';
import { allocateTicks, type TickColumns } from '../market/tick.ts';
import { tickBars } from '../market/tick-bars.ts';
import { volumeBars } from '../market/volume-bars.ts';
import type { InstrumentKey } from '../store/layout.ts';
import { PullCoverage } from '../store/pull-coverage.ts';
import { openStore, type Store } from '../store/store.ts';
import { printJson, writeOutput } from './output.ts';

interface ResampleOptions {
  readonly venue: string;
  readonly from: string;
  readonly to: string;
  readonly csv?: string;
  readonly json?: true;
}

const BY_MEASURE = { ticks: tickBars, volume: volumeBars, dollars: dollarBars } as const;

/** `lab data resample`: other bars of what is stored. */
export function addResampleCommand(command: Command): void {
  command
    .command('resample')
    .description('make bars of stored prints, or longer bars of stored bars')
    .argument('<symbol>', 'instrument, such as BTC/USDT')
    .requiredOption('--venue <name>', 'where it trades, as `lab data ls` shows it')
    .requiredOption('--from <source>', 'ticks, or the timeframe of stored bars such as 1m')
    .requiredOption(
      '--to <bars>',
      'a timeframe such as 1h, or ticks:1000, volume:50, dollars:1e6 (these from ticks)',
      target,
    )
    .option('--csv <file>', 'write the bars there instead of into the store')
    .option('--json', 'print one JSON object; times in UTC milliseconds')
    .addHelpText(
      'after',
      `
Days of us-equity shares are sessions, 09:30 to 16:00 in New York and shorter on half days; all else are multiples of
the timeframe in UTC. The bar under way at the end is left out. A tick, volume or dollar bar ends with the moment in
which its size is reached; such bars have no timeframe, so they need --csv.

Examples:
  lab data resample SYN/USD --venue sample --from ticks --to 1m
  lab data resample BTC/USDT --venue binance --from 1m --to 4h
  lab data resample BTC/USDT --venue binance --from ticks --to dollars:1e6 --csv dollar-bars.csv`,
    )
    .action((symbol: string, options: ResampleOptions) => run(symbol, options));
}

async function run(symbol: string, options: ResampleOptions): Promise<void> {
  const store = await openStore();
  try {
    const instrument = await store.instrument({ venue: options.venue, symbol });
    const bars = await made(store, instrument, options);
    const rows = bars.openTs.length;
    if (rows === 0) {
      throw new LabError(
        'data',
        `${options.from} of ${symbol} on ${options.venue} fill no whole bar of ${options.to}; choose smaller ones`,
      );
    }
    if (options.csv !== undefined) await writeOutput(options.csv, csvOf(bars));
    else if (options.to.includes(':')) {
      throw new LabError('usage', `bars of ${options.to} have no timeframe; name a file by --csv`);
    } else {
      await store.importBars(instrument, options.to, bars);
      await keepAnswers(store, instrument, options, bars);
    }
    const range = { fromTs: bars.openTs[0]!, toTs: bars.closeTs[rows - 1]! };
    if (options.json) return printJson({ symbol, ...options, rows, ...range });
    process.stdout.write(
      `${rows} bars of ${options.to} from ${options.from} of ${symbol} on ${options.venue}, ${isoTime(range.fromTs)} to ${isoTime(range.toTs)}, ${options.csv === undefined ? 'are stored' : `are in ${options.csv}`}\n`,
    );
  } finally {
    store.close();
  }
}

async function made(
  store: Store,
  instrument: Instrument,
  { from, to }: ResampleOptions,
): Promise<BarColumns> {
  const [kind, size] = to.split(':');
  const sessions = to === '1d' && instrument.calendar !== '24/7';
  if (from === 'ticks') {
    const ticks = await prints(store, instrument);
    if (size !== undefined) return BY_MEASURE[kind as keyof typeof BY_MEASURE](ticks, Number(size));
    if (!sessions) return barsFromTicks(ticks, to);
    return sessionBars(barsFromTicks(ticks, '1m', { partial: true }), instrument.calendar);
  }
  if (size !== undefined) {
    throw new LabError('usage', `bars of ${to} are made of prints; use --from ticks`);
  }
  const bars = await store.bars({ ...instrument, timeframe: from });
  return sessions ? sessionBars(bars, instrument.calendar) : resampleBars(bars, to);
}

/** Where the venue has answered for the rows that bars were made of, it has for the bars. */
async function keepAnswers(
  store: Store,
  { venue, symbol }: InstrumentKey,
  { from, to }: ResampleOptions,
  { openTs, closeTs }: BarColumns,
): Promise<void> {
  const source =
    from === 'ticks'
      ? ({ venue, symbol, kind: 'trades' } as const)
      : ({ venue, symbol, kind: 'bars', timeframe: from } as const);
  const { answered = [] } = await store.known(source);
  const made = new PullCoverage(store.root, { venue, symbol, kind: 'bars', timeframe: to });
  await made.read();
  for (const span of answered) {
    const [start, end] = [Math.max(span.from, openTs[0]!), Math.min(span.to, closeTs.at(-1)!)];
    if (start < end) await made.add({ from: start, to: end });
  }
}

/** What was imported as ticks, or else what a recorder or a pull stored as trades. */
async function prints(store: Store, series: InstrumentKey): Promise<TickColumns> {
  if (!(await store.has('trades', series))) return store.ticks(series);
  const { ts, price, qty, aggressor } = await store.read('trades', series);
  const ticks = allocateTicks(ts.length);
  ticks.ts.set(ts);
  ticks.price.set(price);
  ticks.qty.set(qty);
  ticks.aggressor.set(aggressor);
  return ticks;
}

function csvOf(bars: BarColumns): string {
  const lines = ['openTs,closeTs,open,high,low,close,volume'];
  for (let row = 0; row < bars.openTs.length; row++) {
    lines.push(BAR_COLUMNS.map((name) => bars[name][row]).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function target(text: string): string {
  if (/^[1-9]\d{0,3}[smhdw]$/.test(text)) return text;
  const [kind = '', size] = text.split(':');
  if (kind in BY_MEASURE && Number(size) > 0) return text;
  throw new InvalidArgumentError(
    'give a timeframe such as 1h, or ticks:1000, volume:50, dollars:1e6.',
  );
}
