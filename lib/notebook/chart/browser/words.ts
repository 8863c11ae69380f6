import type { Brush } from './draw.ts';

/** Writes one line of text. */
export function write(
  brush: Brush,
  words: string,
  x: number,
  y: number,
  align: string,
  color: string,
  font = '11.5px',
): void {
  brush.font = `${font} system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
  brush.textAlign = align;
  brush.fillStyle = color;
  brush.fillText(words, x, y);
}

/** A thin straight line. */
export function rule(
  brush: Brush,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: string,
): void {
  brush.strokeStyle = color;
  brush.lineWidth = 1;
  brush.beginPath();
  brush.moveTo(x1, y1);
  brush.lineTo(x2, y2);
  brush.stroke();
}
