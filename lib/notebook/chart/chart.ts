import { lowerBound } from '../../core/binary-search.ts';
import { FAINT, GAIN, GRID, INK, LINES, LOSS, PAPER } from '../../report/palette.ts';
import type { LineSeries } from '../../report/svg/line.ts';
import { panesSvg } from '../../report/svg/panes.ts';
import { DISPLAY, type Displayable } from '../mime-bundle.ts';
import { chartHtml } from './chart-page.ts';
import { type ExactRows, offerRows } from './exact-rows.ts';
import { fitColumns } from './fit-columns.ts';
import { joinLine } from './join-line.ts';
import type { ChartColors, ChartModel, PaneModel, Wanted } from './model.ts';
import { type Column, scaleOf } from './pack-columns.ts';

/** A line, or bars from zero such as volume, over time (UTC milliseconds) or any ascending number. */
export interface ChartSeries extends LineSeries {
  readonly kind?: 'line' | 'bars';
}

/** One of the drawings under one another. */
export interface ChartPane {
  readonly series: readonly ChartSeries[];
  /** What is measured, with its unit. */
  readonly yLabel?: string;
  /** Height beside the other panes; 1 by default. */
  readonly share?: number;
}

export interface ChartOptions {
  readonly title?: string;
  /** In pixels. */
  readonly height?: number;
  /** What x counts; by default UTC time. */
  readonly xKind?: 'time' | 'number';
  /**
   * Most bytes of data the chart may carry; 400,000 by default. Data beyond it is joined, lowest and highest kept, until
   * it fits, and the chart says how many points one of its points stands for. In a live notebook it asks the kernel for
   * the points themselves where one zooms.
   */
  readonly bytesMax?: number;
}

export const BYTES_MAX = 400_000;
export const COLORS: ChartColors = {
  ink: INK,
  faint: FAINT,
  grid: GRID,
  paper: PAPER,
  gain: GAIN,
  loss: LOSS,
  buy: '#004c7a',
  sell: '#8f3f00',
};

/**
 * Panes under one another over one axis, such as a price, an indicator and the equity. One can zoom (click, then turn
 * the wheel; or with Ctrl), move, and read values under the pointer; a static picture where scripts do not run.
 *
 * @param panes each series with ascending `x`; a NaN in `y` breaks the line
 */
export function chart(panes: readonly ChartPane[], options: ChartOptions = {}): Displayable {
  const names = panes.flatMap(({ series }) => series.map(({ name }) => name)).join(', ');
  return {
    [DISPLAY]: () => ({
      'text/html': html(panes, options),
      'text/plain': `[chart: ${names}]`,
    }),
  };
}

function html(panes: readonly ChartPane[], options: ChartOptions): string {
  const { title = '', xKind = 'time', bytesMax = BYTES_MAX } = options;
  const height = options.height ?? 160 + 140 * panes.length;
  const whole = panes.reduce((sum, { share = 1 }) => sum + share, 0);
  const lines = panes.flatMap(({ series }) => series);
  const rows = lines.reduce((most, { x }) => Math.max(most, x.length), 0);
  const scales = new Map(
    lines.map((line) => [line, [scaleOf([line.x]), scaleOf([line.y])] as const]),
  );
  const fitted = fitColumns(rows, lines.length * 3, bytesMax, (size) =>
    columnsOf(lines, scales, size),
  );
  const offer = fitted.size > 1 ? offerRows(exactLines(lines, scales), { rows, title }) : undefined;
  let at = 0;
  const model: ChartModel = {
    title,
    note: noteOf(fitted.size, 'points', 'point'),
    ...(offer && { joined: { size: fitted.size, of: 'point', id: offer.id } }),
    axis: xKind,
    columns: fitted.columns,
    panes: panes.map(
      (pane): PaneModel => ({
        label: pane.yLabel ?? pane.series[0]?.name ?? '',
        share: (pane.share ?? 1) / whole,
        series: pane.series.map(({ name, kind = 'line', color }, k) => {
          const x = at;
          at += fitted.size > 1 ? 3 : 2;
          const y = fitted.size > 1 ? [x + 1, x + 2] : [x + 1];
          return { kind, name, color: color ?? LINES[k % LINES.length]!, x, y };
        }),
      }),
    ),
    marks: null,
    colors: COLORS,
  };
  const picture = panesSvg(
    panes.map((pane) => ({ ...pane, yLabel: pane.yLabel ?? pane.series[0]?.name ?? '' })),
    { width: 900, height, xKind, ...(title === '' ? {} : { title }) },
  );
  return chartHtml(picture, height, model, fitted.bytes) + (offer?.script ?? '');
}

type Scales = ReadonlyMap<ChartSeries, readonly [number, number]>;

/** Columns of x and y of each line; where lines are joined, or may be, of x, low and high. */
function columnsOf(
  lines: readonly ChartSeries[],
  scales: Scales,
  size: number,
  mayBeJoined = size > 1,
): Column[] {
  const columns: Column[] = [];
  for (const line of lines) {
    const [xScale, scale] = scales.get(line)!;
    const { x, low, high } = joinLine(line.x, line.y, size);
    columns.push({ values: x, scale: xScale, expects: 'step' });
    columns.push({ values: low, scale, expects: 'value' });
    if (mayBeJoined) columns.push({ values: high, scale, expects: columns.length - 1 });
  }
  return columns;
}

/** The points themselves of a stretch, and one more of each line on either side, so that it leaves the picture. */
function exactLines(lines: readonly ChartSeries[], scales: Scales) {
  return ({ from, to }: Wanted): ExactRows => {
    const cuts = lines.map((line) => {
      const start = Math.max(0, lowerBound(line.x, from) - 1);
      const end = Math.min(line.x.length, lowerBound(line.x, to) + 2);
      const cut = { ...line, x: line.x.subarray(start, end), y: line.y.subarray(start, end) };
      return [cut, scales.get(line)!] as const;
    });
    const slices = cuts.map(([cut]) => cut);
    return {
      first: 0,
      rows: slices.reduce((sum, { x }) => sum + x.length, 0),
      columns: () => columnsOf(slices, new Map(cuts), 1, true),
    };
  };
}

/** What joined data says of itself; nothing where all is carried. */
export function noteOf(size: number, many: string, one: string): string {
  return size > 1 ? `each ${one} is ${size} ${many}, lowest and highest kept` : '';
}
