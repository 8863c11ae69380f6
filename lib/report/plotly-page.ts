import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { type Html, html, trusted } from './html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Plot } from './plots/plot.ts';

/** The trades a page carries. */
export interface PageTrades {
  /** Cells of text. */
  readonly rows: readonly (readonly string[])[];
  readonly csv: string;
}

let packedLibrary: string | undefined;

/** Plotly as base64 of gzip: 2 MB in the page instead of 5. Read once per process. */
function plotlyLibrary(): string {
  packedLibrary ??= pack(
    readFileSync(createRequire(import.meta.url).resolve('plotly.js-dist-min')),
  );
  return packedLibrary;
}

function pack(content: string | Uint8Array): string {
  return gzipSync(content, { level: 9 }).toString('base64');
}

/** Where a chart is drawn; until then, and where scripts do not run, its still picture. */
export function plotPlace(plot: Plot): Html {
  return html`<div class="plot" id="${plot.id}">${trusted(plot.still ?? '')}</div>`;
}

/**
 * One HTML file that opens without a network: the charts' library and all data are inside. The policy in its head lets
 * nothing be fetched and no script run but ours, by a nonce that is the hash of what the page carries.
 *
 * @param trades what the trades table shows when it is opened, and what it saves
 */
export function plotlyPage(
  title: string,
  body: Html,
  plots: readonly Plot[],
  trades: PageTrades,
): string {
  const data = pack(
    JSON.stringify({ plots: plots.map(({ id, data, layout }) => ({ id, data, layout })), trades }),
  );
  const nonce = createHash('sha256').update(data).update(body.text).digest('hex').slice(0, 32);
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data: blob:`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
${body}
<script type="application/octet-stream" id="plotly">${trusted(plotlyLibrary())}</script>
<script type="application/octet-stream" id="data">${trusted(data)}</script>
<script nonce="${nonce}">${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`.text;
}
