import type { Outcome, Standing } from './contest.ts';
import { figuresOf, inUnit } from './figures.ts';
import type { GapLine } from './gap.ts';
import type { Work, Workload } from './work.ts';

/** An outcome for people. */
export function tableOf(workload: Workload, outcome: Outcome, gap: readonly GapLine[]): string {
  const { work, what, rules, beyondLimit } = workload;
  const { standings, missing } = outcome;
  return [
    `${work.name}: ${what}`,
    `  ${rules}.`,
    ...standings.slice(1).map((standing) => `  ${proofLine(standing, work.kind)}`),
    ...[...missing].map(([name, why]) => `  without ${name}: ${why}`),
    '',
    `  ${'who'.padEnd(16)}${['median', 'best', 'to ours', 'peak MB'].map((head) => head.padStart(11)).join('')}  version`,
    ...standings.map((standing) => `  ${timeLine(workload, standing, standings[0]!)}`),
    ...goalLines(workload, outcome),
    ...(beyondLimit === undefined ? [] : [`  beyond the limit: ${beyondLimit}.`]),
    ...(gap.length > 0 ? ['', '  where our time per bar goes'] : []),
    ...gap.map((line) => `  ${short(line.ns).padStart(9)} ns  ${line.what}`),
    '',
  ].join('\n');
}

function proofLine({ name, trades, worst, difference }: Standing, kind: Work['kind']): string {
  if (difference !== undefined) return `${name} did OTHER work: ${difference}`;
  const values = `values equal within ${worst.toExponential(0)}`;
  if (kind === 'indicator') return `${name} did the same: ${values}`;
  const same = kind === 'quotes' ? 'fills at the same moments' : 'trades on the same rows';
  return `${name} did the same: ${trades.toLocaleString('en')} ${same}, final ${values}`;
}

function timeLine(workload: Workload, standing: Standing, ours: Standing): string {
  const { name, median, seconds, peakMb, version } = standing;
  const numbers = [
    `${short(inUnit(workload, median))} ${workload.unit}`,
    `${short(inUnit(workload, seconds[0]!))} ${workload.unit}`,
    `${short(median / ours.median)}×`,
    peakMb === undefined ? '?' : peakMb.toFixed(0),
  ];
  return `${name.padEnd(16)}${numbers.map((number) => number.padStart(11)).join('')}  ${version}`;
}

function goalLines(workload: Workload, outcome: Outcome): string[] {
  return figuresOf(workload, outcome, []).flatMap(({ figure, value, unit, goal, atLeast }) => {
    if (goal == null) return [];
    const met = (atLeast ? value >= goal : value <= goal) ? 'met' : 'MISSED';
    return [`  goal: ${figure} ${atLeast ? '≥' : '≤'} ${goal} ${unit}, is ${short(value)}: ${met}`];
  });
}

function short(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
