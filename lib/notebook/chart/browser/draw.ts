import type { ChartColors } from '../model.ts';
import type { Level } from './levels.ts';

/** What we use of a canvas's 2d context; the page has it, this program does not. */
export interface Brush {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: string;
  font: string;
  textAlign: string;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  stroke(): void;
  fill(): void;
  clip(): void;
  save(): void;
  restore(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  measureText(text: string): { readonly width: number };
}

/** Rows to draw, and where they go. */
export interface Stretch {
  readonly level: Level;
  /** First and one past the last row of the level. */
  readonly from: number;
  readonly to: number;
  /** Pixel of the middle of a row of the level. */
  readonly x: (row: number) => number;
  readonly y: (value: number) => number;
}

/** A rising candle is hollow, so that it reads without colour. */
export function drawCandles(brush: Brush, stretch: Stretch, colors: ChartColors): void {
  const { level, from, to, x, y } = stretch;
  const [open, high, low, close] = level.y as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const half = Math.max(0.5, Math.min(12, Math.abs(x(from + 1) - x(from)) * 0.34));
  brush.lineWidth = 1;
  for (const rising of [true, false]) {
    brush.strokeStyle = rising ? colors.gain : colors.loss;
    brush.fillStyle = rising ? colors.paper : colors.loss;
    brush.beginPath();
    for (let i = from; i < to; i++) {
      if (close[i]! >= open[i]! !== rising) continue;
      const middle = Math.round(x(i)) + 0.5;
      brush.moveTo(middle, y(high[i]!));
      brush.lineTo(middle, y(low[i]!));
    }
    brush.stroke();
    brush.beginPath();
    for (let i = from; i < to; i++) {
      if (close[i]! >= open[i]! !== rising) continue;
      const top = y(Math.max(open[i]!, close[i]!));
      const bottom = y(Math.min(open[i]!, close[i]!));
      const middle = Math.round(x(i)) + 0.5;
      brush.rect(middle - half, top, 2 * half, Math.max(1, bottom - top));
    }
    brush.fill();
    brush.stroke();
  }
}

/** A line through the rows; where rows were joined, from the low of each to its high. Not known: lifted. */
export function drawLine(brush: Brush, stretch: Stretch, color: string): void {
  const { level, from, to, x, y } = stretch;
  const [low, high] = level.y as [Float64Array, Float64Array];
  brush.strokeStyle = color;
  brush.lineWidth = 1.5;
  brush.lineJoin = 'round';
  brush.beginPath();
  let down = false;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(low[i]!)) {
      down = false;
      continue;
    }
    const at = x(i);
    if (down) brush.lineTo(at, y(low[i]!));
    else brush.moveTo(at, y(low[i]!));
    if (high[i]! !== low[i]!) brush.lineTo(at, y(high[i]!));
    down = true;
  }
  brush.stroke();
}

/** Bars from zero, such as volume. */
export function drawBars(brush: Brush, stretch: Stretch, color: string): void {
  const { level, from, to, x, y } = stretch;
  const [low, high] = level.y as [Float64Array, Float64Array];
  const width = Math.max(1, Math.min(24, Math.abs(x(from + 1) - x(from)) * 0.68));
  const zero = y(0);
  brush.fillStyle = color;
  for (let i = from; i < to; i++) {
    const tip = y(Math.abs(low[i]!) > Math.abs(high[i]!) ? low[i]! : high[i]!);
    if (Number.isNaN(tip)) continue;
    brush.fillRect(x(i) - width / 2, Math.min(tip, zero), width, Math.abs(tip - zero));
  }
}

/** A triangle whose tip is at the price: ▲ buys from below, ▼ sells from above. */
export function drawMark(brush: Brush, x: number, y: number, side: number, color: string): void {
  const away = side > 0 ? 8 : -8;
  brush.fillStyle = color;
  brush.beginPath();
  brush.moveTo(x, y);
  brush.lineTo(x + 4.5, y + away);
  brush.lineTo(x - 4.5, y + away);
  brush.closePath();
  brush.fill();
}
