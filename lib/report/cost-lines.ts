import { isoDay } from '../core/time.ts';
import type { CostModel } from '../engine/sim/costs.ts';
import { formatNumber } from './format.ts';

/** A fraction as `0.1 %`, with all the digits that matter. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(6))} %`;
}

/** A cost model in lines: what a fill pays, and what moves its price. */
export function describeCosts(costs: CostModel): string[] {
  const lines = [
    `maker ${percent(costs.makerRate)}, taker ${percent(costs.takerRate)} of notional`,
  ];
  for (const { minVolume, makerRate, takerRate } of costs.tiers) {
    lines.push(
      `from ${formatNumber(minVolume, 0)} traded in 30 days on: maker ${percent(makerRate)}, taker ${percent(takerRate)}`,
    );
  }
  lines.push(`slippage of takers ${costs.slippageBps} bps${describeImpact(costs)}`);
  if (costs.minFee > 0) lines.push(`at least ${costs.minFee} per fill`);
  if (costs.sellRate > 0 || costs.sellPerUnit > 0) lines.push(describeSales(costs));
  for (const row of costs.earlier)
    lines.push(`${describeSales(row)}, until ${isoDay(row.untilTs)}`);
  return [...lines, costs.source];
}

type SellFees = Pick<CostModel, 'sellRate' | 'sellPerUnit' | 'sellPerUnitCap'>;

function describeSales({ sellRate, sellPerUnit, sellPerUnitCap }: SellFees): string {
  return `on sales ${percent(sellRate)} of notional and ${sellPerUnit} per unit, at most ${sellPerUnitCap}`;
}

function describeImpact({ impact }: CostModel): string {
  switch (impact.kind) {
    case 'none':
      return '';
    case 'half-spread':
      return ', and half the quoted spread';
    case 'square-root':
      return `, and an impact of ${impact.coefficient} × volatility of a bar × √(share of its volume)`;
    case 'volume-share':
      return `, and an impact of ${impact.coefficient} × (share of the bar’s volume)²`;
  }
}
