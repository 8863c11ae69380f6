import type { CostModel } from './cost-model.ts';

type SellFees = Pick<CostModel, 'sellRate' | 'sellPerUnit' | 'sellPerUnitCap'>;

/** SEC fee on sales in USD per million of notional, from each day on. Source: the SEC's fee rate advisories. */
const SEC_PER_MILLION: readonly (readonly [string, number])[] = [
  ['2012-04-01', 22.4],
  ['2013-05-25', 17.4],
  ['2014-03-18', 22.1],
  ['2015-02-14', 18.4],
  ['2016-02-16', 21.8],
  ['2017-07-04', 23.1],
  ['2018-05-22', 13.0],
  ['2019-04-16', 20.7],
  ['2020-02-18', 22.1],
  ['2021-02-25', 5.1],
  ['2022-05-14', 22.9],
  ['2023-02-27', 8.0],
  ['2024-05-22', 27.8],
  ['2025-05-14', 0],
  ['2026-04-04', 20.6],
];

/** FINRA trading activity fee in USD per share sold and its cap per trade. Source: Schedule A to FINRA's by-laws. */
const TAF: readonly (readonly [string, number, number])[] = [
  ['2012-07-01', 0.000119, 5.95],
  ['2022-01-01', 0.00013, 6.49],
  ['2023-01-01', 0.000145, 7.27],
  ['2024-01-01', 0.000166, 8.3],
  ['2026-01-01', 0.000195, 9.79],
];

function inForce(day: string): SellFees {
  const [, perMillion] = SEC_PER_MILLION.findLast(([from]) => from <= day)!;
  const [, sellPerUnit, sellPerUnitCap] = TAF.findLast(([from]) => from <= day)!;
  return { sellRate: perMillion / 1e6, sellPerUnit, sellPerUnitCap };
}

/**
 * What the sale of US shares pays to the SEC and to FINRA, now and on every day since 2012-07-01; sales before that day
 * are charged as on it. A day's fees hold from midnight UTC, which no session of the exchanges spans.
 */
export function usSellFees(): SellFees & Pick<CostModel, 'earlier'> {
  const days = [...SEC_PER_MILLION, ...TAF].map(([from]) => from).filter((d) => d >= '2012-07-01');
  days.sort();
  const earlier = days
    .slice(0, -1)
    .map((day, i) => ({ untilTs: Date.parse(days[i + 1]!), ...inForce(day) }));
  return { ...inForce(days.at(-1)!), earlier };
}
