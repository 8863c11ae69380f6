import { formatDuration, formatNumber } from '../report/format.ts';
import { html } from '../report/html.ts';
import { GAIN, GRID } from '../report/palette.ts';
import { kernelHook } from './kernel-hook.ts';

/** How far a long piece of work is, in one output that is replaced in place. Outside a notebook it says nothing. */
export interface Progress {
  /** @param note what one wants to see meanwhile, such as the best so far */
  tick(done: number, note?: string): void;
  /** The last state: it stays in the notebook, so it says nothing of the clock. */
  end(note: string): void;
}

/** Between two pictures: faster than this nobody reads, and a notebook server has better things to do. */
const PAUSE_MS = 150;

let count = 0;

/** @param total what `done` grows to */
export function progress(label: string, total: number): Progress {
  const kernel = kernelHook();
  const id = `lab-progress-${process.pid}-${++count}`;
  const started = performance.now();
  let shown = Number.NEGATIVE_INFINITY;
  const show = (words: string, share: number) => {
    const text = `${label}: ${words}`;
    kernel?.display({ 'text/html': bar(text, share), 'text/plain': text }, id);
  };
  show(`0 of ${formatNumber(total, 0)}`, 0);
  return {
    tick(done, note) {
      const now = performance.now();
      if (now - shown < PAUSE_MS) return;
      shown = now;
      show(progressText(done, total, now - started, note), done / total);
    },
    end: (note) => show(note, 1),
  };
}

/** `120 of 400 · 35.0/s · 8 s left · best sharpe 1.21`. @param elapsedMs since the start */
export function progressText(
  done: number,
  total: number,
  elapsedMs: number,
  note?: string,
): string {
  const rate = done / (elapsedMs / 1000);
  const parts = [`${formatNumber(done, 0)} of ${formatNumber(total, 0)}`];
  if (done > 0 && rate < Number.POSITIVE_INFINITY) {
    parts.push(`${formatNumber(rate, rate < 10 ? 1 : 0)}/s`);
    parts.push(`${formatDuration(((total - done) / rate) * 1000)} left`);
  }
  if (note) parts.push(note);
  return parts.join(' · ');
}

function bar(words: string, share: number): string {
  const width = `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%`;
  return html`<div style="font:13px system-ui,sans-serif;max-width:720px">${words}<div style="height:6px;background:${GRID};border-radius:3px"><div style="height:6px;width:${width};background:${GAIN};border-radius:3px"></div></div></div>`
    .text;
}
