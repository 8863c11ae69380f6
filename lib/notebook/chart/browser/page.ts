import type { Brush } from './draw.ts';

/** What we use of the page's canvas. */
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
