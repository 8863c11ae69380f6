/** What the page of a chart draws. Numbers lie in packed columns; a series names its columns by their place. */
export interface ChartModel {
  readonly title: string;
  /** What the reader should know of the picture, such as how many bars a candle stands for. */
  readonly note: string;
  /** `rows` sets the rows side by side, so that nights and weekends take no room; the others are to scale. */
  readonly axis: 'rows' | 'time' | 'number';
  readonly columns: readonly PackedColumn[];
  readonly panes: readonly PaneModel[];
  /** How many of what each row carried stands for, where they were joined, and the id by which a kernel is asked for them. */
  readonly joined?: { readonly size: number; readonly of: string; readonly id: string };
  /** Columns of fills in the first pane: row (not joined), price, and +1 or −1. */
  readonly marks: { readonly x: number; readonly price: number; readonly side: number } | null;
  readonly colors: ChartColors;
}

/** A stretch of the axis, both ends included: in rows (not joined), or in the units of x. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
}

export interface PaneModel {
  readonly label: string;
  /** Share of the height. */
  readonly share: number;
  readonly series: readonly SeriesModel[];
}

export interface SeriesModel {
  readonly kind: 'candles' | 'line' | 'bars';
  readonly name: string;
  readonly color: string;
  /** Column of x. */
  readonly x: number;
  /** Columns: open, high, low, close of candles; the value of a line, or its low and high where rows were joined. */
  readonly y: readonly number[];
}

/** How whole numbers were written: `value × scale`, less what was expected, as bytes of seven bits. */
export interface PackedColumn {
  readonly rows: number;
  readonly scale: number;
  /** `step` expects the last value and the last step; else the last value, or the same row of an earlier column. */
  readonly expects: 'value' | 'step' | number;
}

export interface ChartColors {
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly paper: string;
  readonly gain: string;
  readonly loss: string;
  readonly buy: string;
  readonly sell: string;
}
