import type { Figure } from '../bench.ts';
import type { Outcome, Standing } from './contest.ts';
import type { GapLine } from './gap.ts';
import type { Workload } from './work.ts';

const OURS = 'StreamScalp';
const LIMITS: readonly string[] = ['plain loop', 'C -O3'];

/** A standing's time in the unit of the workload. */
export function inUnit({ unit, cells }: Workload, seconds: number): number {
  return unit === 'ns' ? (seconds * 1e9) / cells : seconds;
}

/**
 * One outcome as figures: ours and theirs; how many times faster and smaller than each peer we are; how many times
 * slower than the limit. A peer that did other work has no ratio.
 */
export function figuresOf(
  workload: Workload,
  { standings }: Outcome,
  gap: readonly GapLine[],
): Figure[] {
  const { figure, unit, goal, goalFaster, goalSmaller } = workload;
  const ours = standings.find(({ name }) => name === OURS)!;
  const figures: Figure[] = [];
  for (const standing of standings) {
    const { name, peakMb } = standing;
    const mine = name === OURS;
    const label = mine ? '' : `${name.replaceAll(' ', '-')}/`;
    const value = inUnit(workload, standing.median);
    figures.push({
      figure: `${label}${figure}`,
      value,
      unit,
      ...(mine && goal !== undefined && { goal }),
    });
    if (peakMb !== undefined)
      figures.push({ figure: `${label}peakRssMb`, value: peakMb, unit: 'MB' });
    if (mine || standing.difference !== undefined) continue;
    if (LIMITS.includes(name)) {
      figures.push({ figure: `${label}slower`, value: ours.median / standing.median, unit: '×' });
      continue;
    }
    figures.push(atLeast(`${label}faster`, standing.median / ours.median, goalFaster));
    const smaller = smallerThan(ours, standing);
    if (smaller !== undefined && goalSmaller !== undefined) {
      figures.push(atLeast(`${label}smaller`, smaller, goalSmaller));
    }
  }
  for (const { what, ns } of gap) figures.push({ figure: `gap/${what}`, value: ns, unit: 'ns' });
  return figures;
}

function smallerThan(ours: Standing, theirs: Standing): number | undefined {
  if (ours.peakMb === undefined || theirs.peakMb === undefined) return undefined;
  return theirs.peakMb / ours.peakMb;
}

function atLeast(figure: string, value: number, goal: number | undefined): Figure {
  return goal === undefined
    ? { figure, value, unit: '×' }
    : { figure, value, unit: '×', goal, atLeast: true };
}
