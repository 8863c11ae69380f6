import type { Wanted } from '../model.ts';
import type { Brush } from './draw.ts';

/** What we use of the page's canvas. */
export interface Canvas {
  width: number;
  height: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly style: Record<string, string>;
  /** What it shows, for who cannot see it. */
  ariaLabel: string | null;
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
  /** The rows themselves of a stretch whose joined rows the page carries; rejects where no kernel answers. */
  readonly askRows: (wanted: Wanted) => Promise<RowsAnswer>;
}

export interface RowsAnswer extends Wanted {
  /** Number of the first row. */
  readonly first: number;
  /** In the order of the model's. */
  readonly columns: readonly Float64Array[];
}
