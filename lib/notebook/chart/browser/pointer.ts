import type { Page } from './page.ts';
import type { Scene } from './scene.ts';
import { within, zoomed } from './view.ts';

/** Zooms with the wheel, moves by dragging, and remembers where one points; each change asks for a new picture. */
export function followPointer({ canvas, hasFocus }: Page, scene: Scene, ask: () => void): void {
  canvas.addEventListener('pointermove', (event) => {
    scene.pointer = { x: event.offsetX, y: event.offsetY };
    const { dragged, view, whole } = scene;
    if (dragged !== null) {
      const share = (dragged.x - event.offsetX) / (scene.right - scene.left);
      const moved = share * (view.to - view.from);
      scene.view = within({ from: dragged.view.from + moved, to: dragged.view.to + moved }, whole);
    }
    ask();
  });
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    scene.dragged = { x: event.offsetX, view: scene.view };
  });
  canvas.addEventListener('pointerup', () => {
    scene.dragged = null;
    ask();
  });
  canvas.addEventListener('pointerleave', () => {
    scene.pointer = null;
    ask();
  });
  canvas.addEventListener('dblclick', () => {
    scene.view = scene.whole;
    ask();
  });
  const turn = { passive: false };
  canvas.addEventListener(
    'wheel',
    (event) => {
      // Until one has clicked into the chart the wheel turns the pages of the notebook.
      if (!hasFocus() && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { view, whole, least } = scene;
      const about = scene.fromPixel(event.offsetX);
      scene.view = zoomed(view, whole, about, Math.exp(event.deltaY * 0.002), least);
      ask();
    },
    turn,
  );
}
