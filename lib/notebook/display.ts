// What a notebook draws with: `import { candles, line, table } from '@streamscalp/lib/notebook/display'`.

export { type CandlePane, type CandlesOptions, candles } from './candles.ts';
export { cellSignal } from './cell-signal.ts';
export type { ColumnFormat } from './cell-text.ts';
export { type ChartOptions, type ChartPane, type ChartSeries, chart } from './chart/chart.ts';
export { controls, type Slider, slider } from './controls.ts';
export { type Danfo, danfo } from './danfo.ts';
export { columnsOfFrame, frameColumns } from './frames.ts';
export type { Provenance, SourceCell } from './kernel-hook.ts';
export { type LinesOptions, lines } from './lines.ts';
export { DISPLAY, type Displayable, type MimeBundle } from './mime-bundle.ts';
export { html, picture, show, stack } from './output.ts';
export { overview, saveReport } from './overview.ts';
export { plotly } from './plotly/plot-page.ts';
export {
  heatmap,
  histogram,
  type PlotOptions,
  parallel,
  scatter,
  surface,
} from './plotly/statistics.ts';
export { type Progress, progress } from './progress.ts';
export { provenanceOf } from './provenance.ts';
export { type SweepHeatmapOptions, sweepHeatmap } from './sweep-heatmap.ts';
export { bestTrials, conclusion, walkForwardSteps } from './sweep-tables.ts';
export { sweepWithProgress } from './sweep-with-progress.ts';
export { type TableData, type TableOptions, table } from './table.ts';
export { tradesTable } from './trades-table.ts';
export { type WriteStrategyOptions, writeStrategy } from './write-strategy.ts';
