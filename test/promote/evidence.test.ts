import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '@streamscalp/lib/backtest';
import { DAY, HOUR } from '@streamscalp/lib/core/time';
import { memoryFeed } from '@streamscalp/lib/feed/memory-feed';
import { mergeFeeds } from '@streamscalp/lib/feed/merge-feeds';
import type { BarColumns } from '@streamscalp/lib/market/bar';
import { defineInstrument } from '@streamscalp/lib/market/instrument';
import { type NewsItem, newsColumns } from '@streamscalp/lib/market/news';
import { resampleBars } from '@streamscalp/lib/market/resample';
import type { Passport } from '@streamscalp/lib/promote/passport';
import { passportInputs, verifySeries } from '@streamscalp/lib/promote/passport-series';
import { readPassport } from '@streamscalp/lib/promote/read-passport';
import type { RiskLimits } from '@streamscalp/lib/risk/limits';
import { findGarbage } from '@streamscalp/lib/store/garbage';
import { rowsHash } from '@streamscalp/lib/store/input-series';
import { readSnapshot } from '@streamscalp/lib/store/snapshots';
import { openStore, type Store } from '@streamscalp/lib/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lab, live } from '../cli/lab.ts';
import { minuteWalk } from '../support/markets.ts';

/** Buys after good news and on a rising average, with a bracket that a day often reaches on both sides. */
const SOURCE = `import { defineStrategy, real, sma, z } from '@streamscalp/lib';
export default defineStrategy({
  name: 'heard',
  params: z.object({ width: real(0.001, 0.1).default(0.01) }),
  create({ width }, { close }) {
    const average = close(sma(5));
    let wanted = false;
    return {
      onNews(item) {
        wanted = item.sentiment > 0;
      },
      onBar(bar, ctx) {
        if (ctx.flat && (wanted || bar.close > average.value)) {
          ctx.buy(ctx.size.fraction(0.4), {
            stopLoss: bar.close * (1 - width),
            takeProfit: bar.close * (1 + width),
          });
        }
        wanted = false;
      },
    };
  },
});
`;

const DAYS = 200;
const NAMES = ['AA', 'BB'];
const share = (symbol: string) => defineInstrument({ symbol, venue: 'xtest', quote: 'EUR' });
const euro = defineInstrument({ symbol: 'EUR/USD', venue: 'fx' });

/** A random walk of minutes, stretched to hours. */
function hours(seed: number, scale: number): BarColumns {
  const { openTs, open, high, low, close, volume } = minuteWalk(seed, DAYS * 24);
  const price = (column: Float64Array) => column.map((x) => x * scale);
  return {
    openTs: openTs.map((_, i) => openTs[0]! + i * HOUR),
    closeTs: openTs.map((_, i) => openTs[0]! + (i + 1) * HOUR),
    ...{ open: price(open), high: price(high), low: price(low), close: price(close), volume },
  };
}

let root: string;
let store: string;
let file: string;
let passport: Passport;
const given = [
  '--venue',
  'xtest',
  '--costs',
  '0.0005',
  '--cash',
  '50000',
  '--fills',
  'touch',
].concat(
  ['--currency', 'USD', '--fx', 'EUR/USD@fx', '--conversion-bps', '2'],
  ['--finer', '1h', '--news', 'wire', '--symbol', NAMES.join(',')],
);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lab-evidence-'));
  store = join(root, 'store');
  file = join(root, 'heard.json');
  writeFileSync(join(root, 'heard.ts'), SOURCE);
  const history = await openStore(store);
  for (const [k, symbol] of NAMES.entries()) {
    const fine = hours(80 + k, 1);
    await history.importBars(share(symbol), '1h', fine);
    await history.importBars(share(symbol), '1d', resampleBars(fine, '1d'));
  }
  const rates = resampleBars(hours(90, 0.01), '1d');
  await history.importBars(euro, '1d', rates);
  const start = rates.openTs[0]!;
  for (const symbol of NAMES) {
    const items = Array.from({ length: 40 }, (_, i): NewsItem => {
      const availableTs = start + i * 5 * DAY + 7 * HOUR + (symbol === 'AA' ? 0 : 1);
      const text = { headline: `news ${i}`, summary: '', url: '', source: 'wire' };
      const sentiment = Math.sin(7 * i);
      return {
        ...text,
        availableTs,
        publishedTs: availableTs,
        id: `${i}`,
        symbols: [symbol],
        sentiment,
      };
    });
    await history.append('news', { symbol, venue: 'wire' }, newsColumns(items));
  }
  history.close();
  const { status, stdout, stderr } = await lab(
    store,
    ...['promote', join(root, 'heard.ts'), ...given, '--space', 'width=0.005,0.01,0.02'],
    ...['--param', 'width=0.01', '--folds', '2', '--out', file, '--json'],
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  ({ passport } = JSON.parse(stdout) as { passport: Passport });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a passport of a run over several symbols with rates, finer bars and news', () => {
  it('names every series that was read, by a hash under which the store keeps it', async () => {
    const { series } = passport.data;
    expect(series.map(({ role, symbol, timeframe }) => [role, symbol, timeframe])).toEqual([
      ...[
        ['bars', 'AA', '1d'],
        ['bars', 'BB', '1d'],
      ],
      ['rates', 'EUR/USD', '1d'],
      ...[
        ['finer', 'AA', '1h'],
        ['finer', 'BB', '1h'],
      ],
      ...[
        ['news', 'AA', undefined],
        ['news', 'BB', undefined],
      ],
    ]);
    expect(passport.market.instruments.map(({ symbol }) => symbol)).toEqual(NAMES);
    const kept = await openStore(store);
    for (const { kind, hash, rows } of series) {
      const read = await (kind === 'news'
        ? kept.snapshotRows('news', hash)
        : kept.snapshotBars(hash));
      expect(rowsHash(read)).toBe(hash);
      expect(Object.values(read)[0].length).toBe(rows);
    }
    kept.close();
    expect(readSnapshot(store, passport.data.hash)!.of).toEqual(
      series.slice(0, 2).map(({ hash }) => hash),
    );
    const future = Date.now() + 2 * HOUR;
    const garbage = findGarbage(store, [], future).map(({ path }) => path);
    expect(garbage.filter((path) => /snapshots|objects/.test(path))).toEqual([]);
  });

  it('reproduces its backtest from its content and the store', async () => {
    const { strategy } = await readPassport(file);
    const { run, market, data, params, backtest: proved } = passport;
    const history = await openStore(store);
    await verifySeries(history, passport);
    const feeds = [];
    for (const instrument of market.instruments) {
      const { timeframe } = market;
      const range = { venue: instrument.venue, symbol: instrument.symbol, timeframe };
      const bars = await history.bars({ ...range, from: data.fromTs, to: data.toTs });
      feeds.push(memoryFeed(instrument, timeframe, bars));
    }
    const inputs = await passportInputs(history, passport);
    history.close();
    const given = { ...run, limits: run.limits as RiskLimits, ...inputs, params };
    const result = await backtest({ ...given, strategy, feed: mergeFeeds(feeds) });
    expect(result.fingerprint).toBe(proved.fingerprint);
    expect(result.trades.length).toBeGreaterThan(20);
    // Each of them matters, so that one that was left out would have been noticed.
    const { rates: _, finer, news, ...bare } = given;
    for (const less of [{ finer }, { news }]) {
      const other = await backtest({
        ...{ ...bare, rates: inputs.rates, ...less },
        ...(!('news' in less) && { news: newsColumns([]) }),
        ...{ strategy, feed: mergeFeeds(feeds) },
      });
      expect(other.equity.value.at(-1)).not.toBe(result.equity.value.at(-1));
    }
  });

  it('is traded on paper to the account of the backtest', async () => {
    const told = await lab(
      store,
      'backtest',
      join(root, 'heard.ts'),
      ...given,
      '--param',
      'width=0.01',
      '--json',
    );
    const { equity, fills } = JSON.parse(told.stdout);
    const ledger = join(root, 'paper.sqlite');
    const ran = await live(
      store,
      'paper',
      '--passport',
      file,
      '--replay',
      '--ledger',
      ledger,
      '--json',
    );
    expect(ran.status, ran.stderr).toBe(0);
    const status = JSON.parse(ran.stdout);
    expect(status).toMatchObject({ symbol: 'AA,BB', state: 'finished', fills: fills.length });
    expect(status.equity).toBe(equity.value.at(-1));
    const held: Record<string, number> = {};
    let cash = 50_000;
    for (const { symbol, side, qty, price, fee, rate } of fills) {
      const signed = side === 'buy' ? qty : -qty;
      held[symbol] = (held[symbol] ?? 0) + signed;
      cash -= (signed * price + fee) * rate;
    }
    expect(status.cash).toBeCloseTo(cash, 6);
    for (const [symbol, units] of Object.entries(held)) {
      expect(status.position[symbol] ?? 0).toBeCloseTo(units, 9);
    }
    const shown = await live(store, 'status', '--ledger', ledger);
    expect(shown.stdout).toContain('AA,BB 1d');
  });

  it.each([
    [
      'a rate',
      /rates of EUR\/USD, 1d bars of EUR\/USD on fx from .* \(data\.series\.2\.hash was/,
      async (history: Store) => {
        const bars = await history.bars({ symbol: 'EUR/USD', venue: 'fx', timeframe: '1d' });
        bars.close[50] = bars.close[50]! * (1 + Number.EPSILON);
        await history.importBars(euro, '1d', bars);
      },
    ],
    [
      'a word of the news',
      /news about BB of wire from .* \(data\.series\.6\.hash was/,
      async (history: Store) => {
        const news = await history.read('news', { symbol: 'BB', venue: 'wire' });
        const headline = news.headline.with(7, 'other news');
        await history.append('news', { symbol: 'BB', venue: 'wire' }, { ...news, headline });
      },
    ],
    [
      'a finer bar',
      /finer bars, 1h bars of AA on xtest from .* \(data\.series\.3\.hash was/,
      async (history: Store) => {
        const bars = await history.bars({ symbol: 'AA', venue: 'xtest', timeframe: '1h' });
        bars.volume[9]! += 1;
        await history.importBars(share('AA'), '1h', bars);
      },
    ],
  ])(
    'is refused on paper when %s has changed, and its evidence stays readable',
    async (_, said, change) => {
      const copy = join(root, 'changed');
      rmSync(copy, { recursive: true, force: true });
      cpSync(store, copy, { recursive: true });
      const history = await openStore(copy);
      await change(history);
      for (const { kind, hash } of passport.data.series) {
        const read =
          kind === 'news' ? history.snapshotRows('news', hash) : history.snapshotBars(hash);
        expect(rowsHash(await read)).toBe(hash);
      }
      history.close();
      const ledger = join(root, 'refused.sqlite');
      const ran = await live(copy, 'paper', '--passport', file, '--replay', '--ledger', ledger);
      expect(ran.stderr).toMatch(said);
      expect(ran.status).toBe(4);
    },
  );
});
