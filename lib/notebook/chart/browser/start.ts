import { lowerBound } from '../../../core/binary-search.ts';
import { numberTicks, timeTicks } from '../../../report/svg/scale.ts';
import type { ChartModel, PaneModel } from '../model.ts';
import { type Brush, drawBars, drawCandles, drawLine, drawMark, type Stretch } from './draw.ts';
import { buildLevels, type Level, levelFor } from './levels.ts';
import { readable, type View, within, zoomed } from './view.ts';

/** What we use of the page. */
export interface Canvas {
  width: number;
  height: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly style: Record<string, string>;
  getContext(kind: '2d'): Brush;
  addEventListener(type: string, listener: (event: PointerLike) => void, options?: object): void;
  setPointerCapture(id: number): void;
}

interface PointerLike {
  readonly offsetX: number;
  readonly offsetY: number;
  readonly deltaY: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly pointerId: number;
  readonly key: string;
  preventDefault(): void;
}

export interface Page {
  readonly canvas: Canvas;
  readonly pixelRatio: () => number;
  readonly onResize: (draw: () => void) => void;
  readonly nextFrame: (draw: () => void) => void;
  readonly hasFocus: () => boolean;
}

/** Draws a chart into the canvas, and again whenever one zooms, moves or points. */
export function startChart(page: Page, model: ChartModel, columns: readonly Float64Array[]): void {
  const { canvas } = page;
  const { colors, axis } = model;
  const brush = canvas.getContext('2d');
  const ordinal = axis === 'rows';
  const levels = new Map<object, readonly Level[]>();
  let least = Number.POSITIVE_INFINITY;
  let whole: View = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  for (const pane of model.panes) {
    for (const series of pane.series) {
      const y = series.y.map((column) => columns[column]!);
      levels.set(series, buildLevels(y.length === 1 ? [y[0]!, y[0]!] : y));
      const x = columns[series.x]!;
      if (x.length === 0) continue;
      const from = ordinal ? -0.5 : x[0]!;
      const to = ordinal ? x.length - 0.5 : x[x.length - 1]!;
      whole = { from: Math.min(whole.from, from), to: Math.max(whole.to, to) };
      least = Math.min(least, ((to - from) / Math.max(1, x.length)) * 8);
    }
  }
  if (!(whole.to > whole.from)) whole = { from: whole.from - 0.5, to: whole.from + 0.5 };
  let view = whole;
  let pointer: { x: number; y: number } | null = null;
  let dragged: { x: number; view: View } | null = null;
  let waiting = false;

  const left = 64;
  const top = model.title === '' ? 26 : 46;
  const right = () => canvas.clientWidth - 14;
  const bottom = () => canvas.clientHeight - 26;
  const toPixel = (at: number) =>
    left + ((at - view.from) / (view.to - view.from)) * (right() - left);
  const fromPixel = (px: number) =>
    view.from + ((px - left) / (right() - left)) * (view.to - view.from);

  /** The rows of a series that are seen, at the level that the width can show. */
  const stretchOf = (series: PaneModel['series'][number], perRow: number) => {
    const x = columns[series.x]!;
    const first = ordinal ? Math.max(0, Math.floor(view.from)) : lowerBound(x, view.from) - 1;
    const end = ordinal ? Math.ceil(view.to) + 1 : lowerBound(x, view.to) + 1;
    const rowsMax = Math.max(1, (right() - left) / perRow);
    const level = levelFor(levels.get(series)!, Math.min(end, x.length) - first, rowsMax);
    const { size } = level;
    const from = Math.max(0, Math.floor(first / size));
    const to = Math.min(level.y[0]!.length, Math.ceil(end / size));
    const middle = (size - 1) / 2;
    const at = ordinal
      ? (row: number) => toPixel(row * size + middle)
      : (row: number) => toPixel(x[Math.min(x.length - 1, Math.floor(row * size + middle))]!);
    return { level, from, to, x: at };
  };

  const text = (
    words: string,
    x: number,
    y: number,
    align: string,
    color: string,
    font = '11.5px',
  ) => {
    brush.font = `${font} system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
    brush.textAlign = align;
    brush.fillStyle = color;
    brush.fillText(words, x, y);
  };

  const rule = (x1: number, y1: number, x2: number, y2: number, color: string) => {
    brush.strokeStyle = color;
    brush.lineWidth = 1;
    brush.beginPath();
    brush.moveTo(x1, y1);
    brush.lineTo(x2, y2);
    brush.stroke();
  };

  const drawPane = (pane: PaneModel, paneTop: number, paneBottom: number, first: boolean) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const stretches = pane.series.map((series) => {
      const candles = series.kind === 'candles';
      const stretch = stretchOf(series, candles ? 3 : series.kind === 'bars' ? 2 : 1);
      const lows = stretch.level.y[candles ? 2 : 0]!;
      const highs = stretch.level.y[1]!;
      for (let i = stretch.from; i < stretch.to; i++) {
        if (lows[i]! < low) low = lows[i]!;
        if (highs[i]! > high) high = highs[i]!;
      }
      if (series.kind === 'bars') {
        low = Math.min(low, 0);
        high = Math.max(high, 0);
      }
      return stretch;
    });
    if (low > high) [low, high] = [0, 1];
    const padding = high > low ? (high - low) * 0.04 : Math.abs(high) * 0.01 || 1;
    low -= padding;
    high += padding;
    const y = (value: number) =>
      paneBottom - ((value - low) / (high - low)) * (paneBottom - paneTop);
    for (const { at, label } of numberTicks(low, high, Math.max(2, (paneBottom - paneTop) / 55))) {
      rule(left, Math.round(y(at)) + 0.5, right(), Math.round(y(at)) + 0.5, colors.grid);
      text(label, left - 8, y(at) + 4, 'right', colors.faint);
    }
    text(pane.label, left, paneTop - 9, 'left', colors.faint);
    let legend = right();
    for (const { name, color, kind } of [...pane.series].reverse()) {
      if (kind === 'candles' || pane.series.length === 1) continue;
      text(name, legend, paneTop - 9, 'right', colors.ink);
      legend -= brush.measureText(name).width + 6;
      brush.fillStyle = color;
      brush.fillRect(legend - 14, paneTop - 14, 14, 2.5);
      legend -= 26;
    }
    brush.save();
    brush.beginPath();
    brush.rect(left, paneTop, right() - left, paneBottom - paneTop);
    brush.clip();
    pane.series.forEach((series, k) => {
      const stretch: Stretch = { ...stretches[k]!, y };
      if (series.kind === 'candles') drawCandles(brush, stretch, colors);
      else if (series.kind === 'bars') drawBars(brush, stretch, series.color);
      else drawLine(brush, stretch, series.color);
    });
    if (first && model.marks) drawMarks(y);
    brush.restore();
    return y;
  };

  const drawMarks = (y: (value: number) => number) => {
    const at = columns[model.marks!.x]!;
    const price = columns[model.marks!.price]!;
    const side = columns[model.marks!.side]!;
    const drawn = { buy: Number.NaN, sell: Number.NaN };
    for (let i = lowerBound(at, view.from); i < at.length && at[i]! <= view.to; i++) {
      const which = side[i]! > 0 ? 'buy' : 'sell';
      const x = toPixel(at[i]!);
      // Marks nearer than a pixel hide each other.
      if (Math.abs(x - drawn[which]) < 1) continue;
      drawn[which] = x;
      drawMark(brush, x, y(price[i]!), side[i]!, colors[which]);
    }
  };

  const drawTimes = () => {
    const count = Math.max(2, Math.floor((right() - left) / 150));
    const x = columns[model.panes[0]!.series[0]!.x]!;
    const nearest = (at: number) => x[Math.min(x.length - 1, Math.max(0, Math.round(at)))]!;
    const from = ordinal ? nearest(view.from) : view.from;
    const to = ordinal ? nearest(view.to) : view.to;
    const marks = (axis === 'number' ? numberTicks : timeTicks)(from, to, count);
    let free = Number.NEGATIVE_INFINITY;
    for (const { at, label } of marks) {
      const px = toPixel(ordinal ? lowerBound(x, at) : at);
      const width = brush.measureText(label).width;
      if (px < left - 1 || px > right() + 1 || px - width / 2 < free) continue;
      free = px + width / 2 + 8;
      rule(Math.round(px) + 0.5, bottom(), Math.round(px) + 0.5, bottom() + 4, colors.grid);
      text(
        label,
        Math.min(px, canvas.clientWidth - width / 2 - 2),
        bottom() + 17,
        'center',
        colors.faint,
      );
    }
  };

  /** The row under the pointer, and what each series is there. */
  const drawReadout = () => {
    if (pointer === null || dragged !== null || pointer.x < left || pointer.x > right()) return;
    const words: string[] = [];
    let when = Number.NaN;
    const at = fromPixel(pointer.x);
    for (const pane of model.panes) {
      for (const series of pane.series) {
        const x = columns[series.x]!;
        if (x.length === 0) continue;
        const after = ordinal ? Math.round(at) : lowerBound(x, at);
        let row = Math.min(x.length - 1, Math.max(0, after));
        if (!ordinal && row > 0 && at - x[row - 1]! < x[row]! - at) row -= 1;
        when = x[row]!;
        const values = [...new Set(series.y.map((column) => columns[column]![row]!))];
        if (values.some(Number.isNaN)) continue;
        const name = series.kind === 'candles' ? 'O H L C' : series.name || pane.label;
        const shown = series.kind === 'candles' ? series.y.map((c) => columns[c]![row]!) : values;
        words.push(`${name} ${shown.map(readable).join('  ')}`);
      }
    }
    const moment =
      axis === 'number'
        ? readable(when)
        : new Date(when).toISOString().slice(0, 19).replace('T', ' ');
    const line = `${moment}   ${words.join('   ')}`;
    rule(Math.round(pointer.x) + 0.5, top, Math.round(pointer.x) + 0.5, bottom(), colors.faint);
    text('', 0, 0, 'left', colors.ink);
    const width = brush.measureText(line).width;
    brush.fillStyle = colors.paper;
    brush.fillRect(left + 4, top + 2, width + 8, 18);
    text(line, left + 8, top + 15, 'left', colors.ink);
  };

  const draw = () => {
    waiting = false;
    const ratio = page.pixelRatio();
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.fillStyle = colors.paper;
    brush.fillRect(0, 0, width, height);
    if (model.title !== '') text(model.title, left, 18, 'left', colors.ink, '600 14px');
    text(model.note, right(), 18, 'right', colors.faint);
    const gap = 22;
    const room = bottom() - top - gap * (model.panes.length - 1);
    let from = top;
    model.panes.forEach((pane, k) => {
      const height = room * pane.share;
      drawPane(pane, from, from + height, k === 0);
      from += height + gap;
    });
    drawTimes();
    drawReadout();
  };
  const ask = () => {
    if (!waiting) page.nextFrame(draw);
    waiting = true;
  };

  canvas.addEventListener('pointermove', (event) => {
    pointer = { x: event.offsetX, y: event.offsetY };
    if (dragged !== null) {
      const moved = ((dragged.x - event.offsetX) / (right() - left)) * (view.to - view.from);
      view = within({ from: dragged.view.from + moved, to: dragged.view.to + moved }, whole);
    }
    ask();
  });
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    dragged = { x: event.offsetX, view };
  });
  canvas.addEventListener('pointerup', () => {
    dragged = null;
    ask();
  });
  canvas.addEventListener('pointerleave', () => {
    pointer = null;
    ask();
  });
  canvas.addEventListener('dblclick', () => {
    view = whole;
    ask();
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      // Until one has clicked into the chart the wheel turns the pages of the notebook.
      if (!page.hasFocus() && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      view = zoomed(view, whole, fromPixel(event.offsetX), Math.exp(event.deltaY * 0.002), least);
      ask();
    },
    { passive: false },
  );
  page.onResize(ask);
  draw();
}
