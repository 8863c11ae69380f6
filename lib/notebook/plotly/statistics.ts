import { LabError } from '../../core/errors.ts';
import { GAIN, INK, LINES, LOSS, PAPER } from '../../report/palette.ts';
import { axis, compact, layout } from '../../report/plots/plot.ts';
import {
  type HeatOptions,
  type HeatTable,
  heatmapSvg,
  wordColor,
} from '../../report/svg/heatmap.ts';
import { type Bins, histogramSvg } from '../../report/svg/histogram.ts';
import { type ParallelAxis, parallelSvg } from '../../report/svg/parallel.ts';
import { type PointCloud, pointsSvg } from '../../report/svg/points.ts';
import type { Displayable } from '../mime-bundle.ts';
import { plotted } from './plot-page.ts';

/** Words and size of a statistical chart. A label names what is measured, with its unit. */
export interface PlotOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** In pixels; 360 by default. */
  readonly height?: number;
}

/** Points, lines or cells that a chart may carry: a screen shows no more, and a notebook stays small. */
const MARKS_MAX = 2_000;

/** Cells of a heat map that still have room for their numbers. */
const WORDS_MAX = 400;

/** Columns of a heat map up to which each may have its name written under it. */
const NAMES_MAX = 40;

const SCALE = [
  [0, LOSS],
  [0.5, PAPER],
  [1, GAIN],
] as const;

/** A coloured table of numbers, such as the results of a sweep over two parameters: blue above zero, vermilion below. */
export function heatmap(table: HeatTable, options: HeatOptions): Displayable {
  return plotted(() => {
    const { rows, columns, values } = table;
    const height = options.height ?? 90 + rows.length * 26;
    const all = Array.from(values);
    const known = all.filter(Number.isFinite);
    const largest = options.fullColor ?? known.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const cells = rows.map((_, r) => all.slice(r * columns.length, (r + 1) * columns.length));
    const written = cells.map((row) =>
      row.map((x) => (Number.isFinite(x) ? options.format(x) : '')),
    );
    return {
      name: options.title ?? 'heat map',
      height,
      picture: heatmapSvg(table, { width: 900, ...options, height }),
      data: [
        {
          type: 'heatmap',
          x: columns,
          y: rows,
          z: cells.map((row) => compact(row)),
          text: written,
          ...{ zmin: -largest || -1, zmax: largest || 1, colorscale: SCALE, showscale: false },
          ...{ xgap: 1, ygap: 1, hoverongaps: false },
          hovertemplate: `${options.yLabel} %{y}, ${options.xLabel ?? ''} %{x}<br>%{text}<extra></extra>`,
        },
        ...(all.length <= WORDS_MAX ? [words(table, written, largest)] : []),
      ],
      layout: layout(height, {
        title: heading(options.title),
        margin: { l: 68, r: 18, t: options.title === undefined ? 20 : 44, b: 44 },
        xaxis: axis(options.xLabel ?? '', {
          ...{ type: 'category', showgrid: false },
          range: [-0.5, columns.length - 0.5],
          // Plotly turns names on their side rather than leave some of them out.
          ...(columns.length > NAMES_MAX ? { nticks: NAMES_MAX / 4, tickangle: 0 } : {}),
        }),
        yaxis: axis(options.yLabel, {
          ...{ type: 'category', showgrid: false, range: [rows.length - 0.5, -0.5] },
        }),
      }),
    };
  });
}

/** The numbers of a heat map in its cells; Plotly's own are of one grey on all but the strongest colours. */
function words(
  { rows, columns, values }: HeatTable,
  written: readonly (readonly string[])[],
  largest: number,
): object {
  return {
    ...{ type: 'scatter', mode: 'text', hoverinfo: 'skip', showlegend: false, cliponaxis: true },
    x: rows.flatMap(() => columns),
    y: rows.flatMap((row) => columns.map(() => row)),
    text: written.flat(),
    textfont: { color: Array.from(values, (x) => wordColor(x / largest)) },
  };
}

/** Points in the plane; several clouds in several colours. Of more than 2,000 points every so many is drawn. */
export function scatter(
  clouds: PointCloud | readonly PointCloud[],
  options: PlotOptions = {},
): Displayable {
  const all = 'x' in clouds ? [clouds] : clouds;
  const { height = 360, title, xLabel = 'x', yLabel = 'y' } = options;
  return plotted(() => ({
    name: title ?? `scatter: ${yLabel} over ${xLabel}`,
    height,
    picture: pointsSvg(all, { width: 900, height, xLabel, yLabel, ...titled(title) }),
    data: all.map((cloud, k) => {
      const step = Math.max(1, Math.ceil((cloud.x.length * all.length) / MARKS_MAX));
      return {
        type: 'scatter',
        mode: 'markers',
        name: cloud.name ?? '',
        x: compact(every(cloud.x, step)),
        y: compact(every(cloud.y, step)),
        marker: { size: 6, opacity: 0.6, color: LINES[k % LINES.length] },
      };
    }),
    layout: layout(height, {
      title: heading(title),
      showlegend: all.length > 1,
      margin: { l: 68, r: 18, t: title === undefined ? 20 : 44, b: 44 },
      xaxis: axis(xLabel),
      yaxis: axis(yLabel),
    }),
  }));
}

/** How often values fall into bins of equal width, all of them counted. @param bins how many; 40 by default */
export function histogram(
  values: ArrayLike<number>,
  options: PlotOptions & { readonly bins?: number } = {},
): Displayable {
  const { height = 300, title, xLabel = 'value', yLabel = 'Count' } = options;
  return plotted(() => {
    const counted = binned(values, options.bins ?? 40);
    const middles = counted.counts.map((_, k) => counted.from + (k + 0.5) * counted.width);
    return {
      name: title ?? `histogram of ${xLabel}`,
      height,
      picture: histogramSvg(counted, { width: 900, height, xLabel, yLabel, ...titled(title) }),
      data: [
        {
          ...{ type: 'bar', x: compact(middles), y: counted.counts, width: counted.width * 0.96 },
          marker: { color: GAIN },
          hovertemplate: '%{x}: %{y}<extra></extra>',
        },
      ],
      layout: layout(height, {
        title: heading(title),
        margin: { l: 68, r: 18, t: title === undefined ? 20 : 44, b: 44 },
        ...{ xaxis: axis(xLabel), yaxis: axis(yLabel), bargap: 0 },
      }),
    };
  });
}

/**
 * Parallel coordinates: one upright axis for each column, one line for each row, coloured by the last column. Made for
 * sweeps: parameters first, what they gave last.
 *
 * @throws LabError `usage` for fewer than two columns
 */
export function parallel(
  columns: Readonly<Record<string, ArrayLike<number>>>,
  options: Pick<PlotOptions, 'title' | 'height'> = {},
): Displayable {
  const { height = 360, title } = options;
  const axes: ParallelAxis[] = Object.entries(columns).map(([name, values]) => ({ name, values }));
  if (axes.length < 2)
    throw new LabError('usage', `parallel() needs 2 columns or more; it got ${axes.length}`);
  return plotted(() => {
    const step = Math.max(1, Math.ceil((axes[0]!.values.length * axes.length) / (2 * MARKS_MAX)));
    return {
      name: title ?? `parallel coordinates of ${axes.map(({ name }) => name).join(', ')}`,
      height,
      picture: parallelSvg(axes, { width: 900, height, ...titled(title) }),
      data: [
        {
          type: 'parcoords',
          line: {
            color: compact(every(axes.at(-1)!.values, step)),
            colorscale: [
              [0, LOSS],
              [1, GAIN],
            ],
          },
          dimensions: axes.map(({ name, values }) => ({
            label: name,
            values: compact(every(values, step)),
          })),
        },
      ],
      layout: layout(height, { title: heading(title), margin: { l: 60, r: 60, t: 64, b: 24 } }),
    };
  });
}

/** A table of numbers as a surface one can turn; its still picture is the heat map of the same numbers. */
export function surface(
  table: HeatTable,
  options: HeatOptions & { readonly zLabel?: string },
): Displayable {
  return plotted(() => {
    const { rows, columns, values } = table;
    const height = options.height ?? 460;
    const cells = rows.map((_, r) =>
      compact(Array.from(values).slice(r * columns.length, (r + 1) * columns.length)),
    );
    const named = (label: string, names?: readonly string[]) => ({
      title: { text: label },
      ...(names ? { tickvals: names.map((_, k) => k), ticktext: names, nticks: 8 } : {}),
    });
    return {
      name: options.title ?? 'surface',
      height,
      picture: heatmapSvg(table, { width: 900, ...options, height }),
      data: [{ type: 'surface', z: cells, colorscale: SCALE, showscale: false }],
      layout: layout(height, {
        title: heading(options.title),
        margin: { l: 0, r: 0, t: 40, b: 0 },
        scene: {
          xaxis: named(options.xLabel ?? 'x', columns),
          yaxis: named(options.yLabel, rows),
          zaxis: named(options.zLabel ?? ''),
        },
      }),
    };
  });
}

function binned(values: ArrayLike<number>, count: number): Bins {
  const known = Array.from(values).filter(Number.isFinite);
  const low = known.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const high = known.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  if (known.length === 0) return { from: 0, width: 1, counts: [0] };
  const width = (high - low) / count || 1;
  const counts = new Array<number>(count).fill(0);
  // The largest value stands on the edge of the last bin and belongs into it.
  for (const value of known) counts[Math.min(count - 1, Math.floor((value - low) / width))]! += 1;
  return { from: low, width, counts };
}

function every(values: ArrayLike<number>, step: number): number[] {
  return Array.from(values).filter((_, i) => i % step === 0);
}

function titled(title: string | undefined): { title?: string } {
  return title === undefined ? {} : { title };
}

function heading(title: string | undefined): object {
  return {
    text: title ?? '',
    font: { size: 14, color: INK, weight: 600 },
    x: 0.01,
    xanchor: 'left',
  };
}
