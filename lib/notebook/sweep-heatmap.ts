import { LabError } from '../core/errors.ts';
import type { TrialOutcome } from '../optimize/batch.ts';
import type { SweepResult } from '../optimize/sweep.ts';
import { formatNumber } from '../report/format.ts';
import type { Displayable } from './mime-bundle.ts';
import { heatmap } from './plotly/statistics.ts';

export interface SweepHeatmapOptions {
  /** The parameters across and down. */
  readonly x: string;
  readonly y: string;
  /** What is coloured; the sweep's objective by default. */
  readonly metric?: keyof TrialOutcome['metrics'];
  readonly title?: string;
}

/**
 * A sweep as a map of two parameters. Where other parameters varied too, a cell shows the median over them, because
 * the best of several is luck.
 *
 * @throws LabError `usage` when the sweep has no such parameter
 */
export function sweepHeatmap(sweep: SweepResult, options: SweepHeatmapOptions): Displayable {
  const { x, y, metric = sweep.objective } = options;
  const rows = valuesOf(sweep, y);
  const columns = valuesOf(sweep, x);
  const cells = rows.flatMap((row) =>
    columns.map((column) => {
      const here = sweep.trials.filter(({ params }) => params[x] === column && params[y] === row);
      return median(here.map(({ metrics }) => metrics[metric]));
    }),
  );
  return heatmap(
    { rows: rows.map(String), columns: columns.map(String), values: cells },
    {
      yLabel: y,
      xLabel: x,
      title: options.title ?? metric,
      format: (value) => formatNumber(value, 2),
    },
  );
}

/** The values a parameter took, ascending. */
function valuesOf(sweep: SweepResult, name: string) {
  const values = [...new Set(sweep.trials.map(({ params }) => params[name]))];
  if (values.length > 0 && !values.includes(undefined)) {
    return values.sort((a, b) => (Number(a) < Number(b) ? -1 : 1));
  }
  const known = Object.keys(sweep.trials[0]?.params ?? {}).join(', ');
  throw new LabError('usage', `the sweep has no parameter ${name}; it has ${known || 'no trials'}`);
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
