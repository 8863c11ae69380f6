import { HOUR } from '../core/time.ts';
import {
  type AccountRules,
  FUNDING_INTERVAL,
  LIQUIDATION_FEE,
} from '../engine/sim/account-rules.ts';
import type { LimitFills } from '../engine/sim/match-bar.ts';
import type { RunAssumptions } from '../run.ts';
import { percent } from './cost-lines.ts';
import { formatNumber } from './format.ts';

const FILLS: Readonly<Record<LimitFills, string>> = {
  through: 'A limit order fills only when the price trades through it by a tick.',
  touch: 'A limit order fills when the price touches it, as if nobody stood in front.',
  queue:
    'A limit order that the price only touches fills when as much has traded there as stood before it.',
};

/** Each assumption about reality that a run made, in a sentence. */
export function describeAssumptions(run: RunAssumptions): string[] {
  const limits = Object.entries(run.limits).map(([name, value]) => `${name} ${value}`);
  const { participation } = run;
  return [
    'Orders are decided at a bar’s close and can fill from the next bar on; market orders fill at its open.',
    FILLS[run.fills],
    participation === null
      ? 'Orders fill whole, whatever the volume of the bar.'
      : `Our orders are at most ${percent(participation)} of the volume of a bar.`,
    run.finer
      ? 'When one bar reaches both the stop and the target of a position, finer bars tell which came first; where they do not, the stop is taken.'
      : 'When one bar reaches both the stop and the target of a position, the stop is taken.',
    ...(run.gaps === 'allow'
      ? ['Where bars are missing and nobody knows why, the run goes on with the next one.']
      : []),
    ...(run.news
      ? [
          `${formatNumber(run.news.availableTs.length, 0)} pieces of news are heard when they could be known, and those that came while a bar was under way at its close.`,
        ]
      : []),
    `The account carries at most ${run.leverage} × its equity; cash and debt bear no interest.`,
    ...describeAccount(run),
    `Risk limits: ${limits.join(', ') || 'none'}.`,
  ];
}

function describeAccount(rules: AccountRules): string[] {
  const { funding, corporateActions, borrow, margin, currency, rates, conversionBps } = rules;
  const lines: string[] = [];
  if (rates && conversionBps !== undefined) {
    const pairs = rates.map(({ base, quote }) => `${base}/${quote}`).join(', ');
    lines.push(
      `The account is kept in ${currency}. The money of a fill is exchanged when it fills, at the last rate of ${pairs} known then and ${formatNumber(conversionBps, 2)} bps worse; what is held is worth its price at the last rate known. No balance of another currency is kept, and nothing is hedged.`,
    );
  }
  if (margin) {
    const { mode, leverage, liquidationFee = LIQUIDATION_FEE, liquidation } = margin;
    const taken =
      liquidation === 'stepwise'
        ? 'cuts them to the next lower bracket until their margin suffices'
        : 'closes them whole';
    lines.push(
      `Positions stand on ${mode} margin at ${leverage} ×, bounded by the venue’s brackets; a bar of trades that reaches the liquidation price ${taken}, and ${percent(liquidationFee)} of the value that is closed goes to the venue’s insurance.`,
    );
  }
  for (const [symbol, stream] of Object.entries(funding ?? {})) {
    const { availableTs, interval = FUNDING_INTERVAL, bound } = stream;
    const missing =
      bound === undefined
        ? 'none is missing'
        : `where one is missing, holders pay ${percent(Math.abs(bound))}`;
    lines.push(
      `Funding of ${symbol}: ${formatNumber(availableTs.length, 0)} recorded payments, due every ${formatNumber(interval / HOUR, 0)} h at the least; ${missing}.`,
    );
  }
  for (const [symbol, actions] of Object.entries(corporateActions ?? {})) {
    const splits = actions.filter(({ kind }) => kind === 'split').length;
    lines.push(
      `Bars of ${symbol} are raw, and so are what fills and indicators see; ${splits} splits and ${actions.length - splits} dividends reach the account at their ex moments, untaxed.`,
    );
  }
  if (borrow) {
    lines.push(`Shorts pay ${percent(borrow.annualRate)} a year, at the close of each session.`);
  } else if (!margin) lines.push('Shorts borrow for nothing.');
  return lines;
}
