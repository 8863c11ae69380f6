import { allocateBars } from '@streamscalp/lib/market/bar';
import {
  CurrencyConverter,
  type ExchangeRates,
  ratesFromBars,
} from '@streamscalp/lib/market/currency';
import { describe, expect, it } from 'vitest';

/** Rates as [known at, rate]. */
function series(pair: string, ...rows: (readonly [number, number])[]): ExchangeRates {
  const [base = '', quote = ''] = pair.split('/');
  return {
    base,
    quote,
    availableTs: Float64Array.from(rows, ([ts]) => ts),
    rate: Float64Array.from(rows, ([, rate]) => rate),
  };
}

const eurUsd = series('EUR/USD', [100, 1.25], [200, 1.2]);
const usdJpy = series('USD/JPY', [150, 160], [200, 150]);

describe('a currency in the money of the account', () => {
  it('is the last rate that was known, never the next', () => {
    const money = new CurrencyConverter('USD', ['USD', 'EUR'], [eurUsd]);
    const at = (ts: number) => {
      money.at(ts);
      return money.rates[money.indexOf('EUR')];
    };
    expect([99, 100, 199, 200, 1e9].map(at)).toEqual([Number.NaN, 1.25, 1.25, 1.2, 1.2]);
    expect([199, 99, 200].map(at)).toEqual([1.25, Number.NaN, 1.2]);
  });

  it('is 1 for the account’s own, with or without rates', () => {
    expect([...new CurrencyConverter('USD', ['USD'], []).rates]).toEqual([1]);
  });

  it('is the inverse where the pair stands the other way round', () => {
    const money = new CurrencyConverter('EUR', ['USD'], [eurUsd]);
    money.at(100);
    expect(money.rates[0]).toBe(1 / 1.25);
  });

  it('goes through another where no pair joins the two', () => {
    const money = new CurrencyConverter('JPY', ['EUR', 'USD'], [eurUsd, usdJpy]);
    money.at(120);
    expect([...money.rates]).toEqual([Number.NaN, Number.NaN]);
    money.at(150);
    expect([...money.rates]).toEqual([200, 160]); // 1.25 · 160
    money.at(200);
    expect([...money.rates]).toEqual([180, 150]);
  });

  it('takes the shorter path where there are two', () => {
    const direct = series('EUR/JPY', [100, 170]);
    const money = new CurrencyConverter('JPY', ['EUR'], [eurUsd, usdJpy, direct]);
    money.at(150);
    expect(money.rates[0]).toBe(170);
  });

  it('says how old the oldest rate behind it is', () => {
    const money = new CurrencyConverter('JPY', ['EUR', 'JPY'], [eurUsd, usdJpy]);
    expect(money.since[0]).toBeNaN();
    money.at(160);
    expect(money.since[0]).toBe(100);
    expect(money.since[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it('can be read from bars, whose closes are known when they close', () => {
    const bars = allocateBars(1);
    bars.openTs[0] = 50;
    bars.closeTs[0] = 100;
    bars.close[0] = 1.1;
    const money = new CurrencyConverter('USD', ['EUR'], [ratesFromBars('EUR', 'USD', bars)]);
    money.at(99);
    expect(money.rates[0]).toBeNaN();
    money.at(100);
    expect(money.rates[0]).toBe(1.1);
  });
});

describe('a currency without a way to the account', () => {
  it('is refused, with the series that were given', () => {
    expect(() => new CurrencyConverter('USD', ['USDT'], [eurUsd])).toThrow(
      'no exchange rates lead from USDT to USD; the series given are EUR/USD; add one that joins them',
    );
    expect(() => new CurrencyConverter('USD', ['EUR'], [])).toThrow(/series given are none/);
    expect(() => new CurrencyConverter('USD', ['EUR'], [eurUsd]).indexOf('GBP')).toThrow(
      'currency GBP is not in this run; it has EUR',
    );
  });
});
