import type { ChartModel } from '../model.ts';
import type { Page } from './page.ts';
import { drawPane } from './pane.ts';
import { followPointer } from './pointer.ts';
import { drawReadout } from './readout.ts';
import { Scene } from './scene.ts';
import { drawTimes } from './time-axis.ts';
import { write } from './words.ts';

/** Between two panes, in pixels. */
const GAP = 22;

/** Draws a chart into the canvas, and again whenever one zooms, moves or points. */
export function startChart(page: Page, model: ChartModel, columns: readonly Float64Array[]): void {
  const scene = new Scene(page.canvas, model, columns);
  let waiting = false;
  let asked = false;
  const askRows = () => {
    const { wanted } = scene;
    if (asked || wanted === null || scene.refusal !== '') return;
    asked = true;
    page.askRows(wanted).then(
      (answer) => {
        asked = false;
        scene.take(answer);
        ask();
      },
      (error: Error) => {
        asked = false;
        scene.refusal = error.message;
        ask();
      },
    );
  };
  const draw = () => {
    waiting = false;
    drawScene(page, scene);
    askRows();
  };
  const ask = () => {
    if (!waiting) page.nextFrame(draw);
    waiting = true;
  };
  followPointer(page, scene, ask);
  page.onResize(ask);
  draw();
}

function drawScene({ canvas, pixelRatio }: Page, scene: Scene): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return;
  const { brush, model, left, right, top, bottom } = scene;
  const { colors, panes } = model;
  const ratio = pixelRatio();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.fillStyle = colors.paper;
  brush.fillRect(0, 0, width, height);
  if (model.title !== '') write(brush, model.title, left, 18, 'left', colors.ink, '600 14px');
  const note = noteOf(scene);
  write(brush, note, right, 18, 'right', colors.faint);
  const room = bottom - top - GAP * (panes.length - 1);
  let from = top;
  for (const pane of panes) {
    const to = from + room * pane.share;
    drawPane(scene, pane, from, to);
    from = to + GAP;
  }
  drawTimes(scene);
  const readout = drawReadout(scene);
  canvas.ariaLabel = [model.title, note, readout].filter((words) => words !== '').join('. ');
}

/** What the reader should know of the rows in sight. */
function noteOf({ model, isExact, refusal }: Scene): string {
  const { note, joined } = model;
  if (!joined) return note;
  if (isExact) return `every ${joined.of}, from the kernel`;
  return refusal === '' ? note : `${note}; ${refusal}`;
}
