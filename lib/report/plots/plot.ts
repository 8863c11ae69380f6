import { FAINT, GRID, INK, PAPER } from '../palette.ts';

/** One chart of the page. */
export interface Plot {
  /** Of the element it is drawn into. */
  readonly id: string;
  /** Plotly traces. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  /** Plotly layout. */
  readonly layout: Readonly<Record<string, unknown>>;
  /** The same as a static picture: shown until the chart is drawn, and where scripts do not run. */
  readonly still?: string;
}

/** The house layout: paper, ink, quiet grid, room for the labels. */
export function layout(
  height: number,
  rest: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    height,
    margin: { l: 68, r: 18, t: 30, b: 40 },
    paper_bgcolor: PAPER,
    plot_bgcolor: PAPER,
    font: {
      family: 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif',
      size: 12,
      color: INK,
    },
    hoverlabel: { bgcolor: PAPER, bordercolor: GRID, font: { color: INK } },
    legend: { orientation: 'h', x: 1, xanchor: 'right', y: 1, yanchor: 'bottom' },
    ...rest,
  };
}

/** An axis with its label; the unit belongs into the label. */
export function axis(
  label: string,
  rest: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    title: { text: label, font: { size: 11, color: FAINT }, standoff: 8 },
    gridcolor: GRID,
    linecolor: GRID,
    zerolinecolor: FAINT,
    zerolinewidth: 1,
    tickfont: { size: 11, color: FAINT },
    automargin: true,
    separatethousands: true,
    exponentformat: 'none',
    ...rest,
  };
}

/** A UTC time axis. */
export function timeAxis(rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return axis('', { type: 'date', showgrid: false, ticks: 'outside', tickcolor: GRID, ...rest });
}

/** Numbers as the page carries them: eight significant digits draw the same picture in half the bytes. */
export function compact(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (x) => (Number.isFinite(x) ? Number(x.toPrecision(8)) : null));
}

/** Times for a date axis, whole milliseconds. */
export function times(values: ArrayLike<number>): number[] {
  return Array.from(values, Math.round);
}
