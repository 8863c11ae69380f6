import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { escapeHtml } from '../../report/html.ts';
import type { ChartModel } from './model.ts';

// By `require`: as a module Node would first scan its file for names, which takes longer than running it.
const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');

/**
 * One chart as one piece of HTML: a static picture, and over it a sandboxed frame that draws the same data live. Where
 * scripts are not trusted (a fresh clone, GitHub) the frame is taken out or stays empty and the picture is what one
 * sees. The frame carries all it needs, so a chart survives being copied, cleared around, and exported.
 *
 * @param picture an SVG document
 * @param columns the packed columns of the model, compressed
 */
export function chartHtml(
  picture: string,
  height: number,
  model: ChartModel,
  columns: Uint8Array,
): string {
  return framedHtml(picture, height, chartPage(model, columns), model.joined?.id);
}

/** A page in a frame without rights, over a picture of the same. @param id what the page around knows the frame by */
export function framedHtml(picture: string, height: number, page: string, id?: string): string {
  const named = id === undefined ? '' : ` data-rows="${escapeHtml(id)}"`;
  const image = Buffer.from(picture).toString('base64');
  const cover = 'position:absolute;left:0;top:0;width:100%;height:100%;border:0';
  return (
    `<div style="position:relative;height:${height}px">` +
    `<img style="width:100%;height:100%;object-fit:contain;object-position:left" alt="chart" src="data:image/svg+xml;base64,${image}">` +
    `<iframe${named} sandbox="allow-scripts" style="${cover}" srcdoc="${escapeHtml(page)}"></iframe></div>`
  );
}

/** JavaScript of a page: turns what `pack` made into bytes again. */
export const UNPACK = `const unpack = async (text) => new Uint8Array(await new Response(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());`;

/** Text or bytes, compressed, as base64. */
export function pack(content: string | Uint8Array): string {
  return gzipSync(content).toString('base64');
}

/** The page is transparent until it has drawn, so that a failure leaves the picture in sight. */
function chartPage(model: ChartModel, columns: Uint8Array): string {
  return `<!doctype html><meta charset="utf-8"><style>html,body{margin:0;height:100%}canvas{display:block;width:100%;height:100%;cursor:crosshair;touch-action:pan-y}</style><canvas tabindex="0" role="img" style="outline:none"></canvas><script>
${UNPACK}
(async () => {
  (0, eval)(new TextDecoder().decode(await unpack('${program()}')));
  const model = ${json(model)};
  const canvas = document.querySelector('canvas');
  const page = {
    canvas,
    pixelRatio: () => devicePixelRatio,
    onResize: (draw) => new ResizeObserver(draw).observe(canvas),
    nextFrame: (draw) => requestAnimationFrame(draw),
    hasFocus: () => document.hasFocus(),
    askRows: (wanted) => new Promise((resolve, reject) => {
      const late = setTimeout(() => end(reject, new Error('a live kernel is needed to see nearer')), 10_000);
      const end = (settle, value) => { clearTimeout(late); removeEventListener('message', hear); settle(value); };
      const hear = ({ source, data }) => {
        if (source !== parent || data?.lab !== 'rows') return;
        if (data.error) end(reject, new Error(data.error));
        else unpack(data.bytes).then((bytes) => end(resolve, { ...data, columns: labChart.unpackColumns(bytes, data.columns) }));
      };
      addEventListener('message', hear);
      parent.postMessage({ lab: 'rows', id: model.joined.id, wanted }, '*');
    }),
  };
  labChart.startChart(page, model, labChart.unpackColumns(await unpack('${Buffer.from(columns).toString('base64')}'), model.columns));
  document.title = 'drawn';
})();
</script>`;
}

/** Data as a literal that cannot end the script it stands in. */
export function json(data: unknown): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

let packedProgram: string | undefined;

/** Our own code for the page: 5 KB of program where a charting library is 80. Bundled once per process. */
function program(): string {
  packedProgram ??= pack(bundle());
  return packedProgram;
}

function bundle(): Uint8Array {
  const result = buildSync({
    entryPoints: [fileURLToPath(new URL('./browser/main.js', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'labChart',
    // Strict code that is evaluated keeps its variables to itself.
    footer: { js: 'globalThis.labChart = labChart;' },
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles[0]!.contents;
}
