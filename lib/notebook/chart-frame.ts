import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { escapeHtml } from '../report/html.ts';

/**
 * One chart as one piece of HTML: a static picture, and over it a sandboxed frame that draws the same data live. Where
 * scripts are not trusted (a fresh clone, GitHub) the frame is taken out or stays empty and the picture is what one
 * sees. The frame carries its library, so a chart survives being copied, cleared around, and exported.
 *
 * @param picture an SVG document
 * @param data what `draw` gets in the browser; plain JSON
 * @param draw JavaScript that draws `data` with `LightweightCharts` into `place`
 */
export function liveChart(picture: string, height: number, data: unknown, draw: string): string {
  const image = Buffer.from(picture).toString('base64');
  const frame = escapeHtml(framePage(height, pack(JSON.stringify(data)), draw));
  const cover = 'position:absolute;left:0;top:0;width:100%;height:100%;border:0';
  return (
    `<div style="position:relative;height:${height}px">` +
    `<img style="width:100%;height:100%;object-fit:contain;object-position:left" alt="chart" src="data:image/svg+xml;base64,${image}">` +
    `<iframe sandbox="allow-scripts" style="${cover}" srcdoc="${frame}"></iframe></div>`
  );
}

/** The page in the frame. It is transparent until it has drawn, so that a failure leaves the picture in sight. */
function framePage(height: number, data: string, draw: string): string {
  return `<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="place" style="height:${height}px"></div><script>
const unpack = async (text) => new Response(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
(async () => {
  (0, eval)(await unpack('${library()}'));
  const data = JSON.parse(await unpack('${data}'));
  const place = document.getElementById('place');
  ${draw}
  document.body.style.background = '#fff';
  document.title = 'drawn';
})();
</script>`;
}

function pack(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

let packedLibrary: string | undefined;

/** TradingView's lightweight-charts (Apache-2.0), 83 KB packed; its logo stays on the chart, as its licence asks. */
function library(): string {
  const root = dirname(createRequire(import.meta.url).resolve('lightweight-charts/package.json'));
  const file = join(root, 'dist', 'lightweight-charts.standalone.production.js');
  packedLibrary ??= pack(readFileSync(file, 'utf8'));
  return packedLibrary;
}
