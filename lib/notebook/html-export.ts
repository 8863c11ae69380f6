import { escapeHtml } from '../report/html.ts';
import { stripColours } from './headless-runner.ts';
import { renderMarkdown } from './markdown.ts';
import type { Cell, CellOutput, Notebook } from './notebook-file.ts';

/**
 * A notebook as one HTML file that opens offline, its pictures inside. Markdown and code are escaped; outputs of type
 * text/html are passed through, so export only what was just run or is otherwise trusted.
 */
export function exportHtml(notebook: Notebook, title: string): string {
  const body = notebook.cells.map(renderCell).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function renderCell(cell: Cell): string {
  if (cell.cell_type === 'code') {
    const outputs = cell.outputs.map(renderOutput).join('\n');
    return `<section class="code"><pre class="input"><code>${escapeHtml(cell.source)}</code></pre>${outputs}</section>`;
  }
  if (cell.cell_type === 'raw') return `<pre>${escapeHtml(cell.source)}</pre>`;
  return `<section class="text">${renderMarkdown(cell.source)}</section>`;
}

function renderOutput(output: CellOutput): string {
  switch (output.output_type) {
    case 'stream':
      return `<pre class="${output.name}">${escapeHtml(stripColours(output.text))}</pre>`;
    case 'error':
      return `<pre class="error">${escapeHtml(stripColours(output.traceback.join('\n')))}</pre>`;
    default:
      return `<div class="output">${renderBundle(output.data)}</div>`;
  }
}

/** The richest form an offline page can show. */
function renderBundle(data: Record<string, unknown>): string {
  const text = (type: string) => (typeof data[type] === 'string' ? data[type] : undefined);
  const html = text('text/html');
  if (html !== undefined) return html;
  const svg = text('image/svg+xml');
  if (svg !== undefined) return picture('image/svg+xml', Buffer.from(svg).toString('base64'));
  for (const type of ['image/png', 'image/jpeg', 'image/gif']) {
    const bytes = text(type);
    if (bytes !== undefined) return picture(type, bytes.replaceAll(/\s/g, ''));
  }
  const markdown = text('text/markdown');
  if (markdown !== undefined) return renderMarkdown(markdown);
  return `<pre>${escapeHtml(text('text/plain') ?? '')}</pre>`;
}

/** As an image, so that a script inside a drawing does not run. */
function picture(type: string, base64: string): string {
  return `<img alt="" src="data:${type};base64,${escapeHtml(base64)}">`;
}

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c2430; font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .75rem; }
pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; margin: .5rem 0; white-space: pre; }
code { font: .9em ui-monospace, monospace; background: #f2f4f7; border-radius: 3px; padding: .1em .3em; }
pre code { background: none; padding: 0; font-size: inherit; }
.input { background: #f6f8fa; border-left: 3px solid #3b6fb6; padding: .75rem 1rem; }
.code { margin: 1rem 0; }
.stderr { background: #fff7e6; padding: .5rem 1rem; }
.error { background: #fdecec; padding: .5rem 1rem; }
.output { overflow-x: auto; margin: .5rem 0; }
img { max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #e3e7ed; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid #d5dbe3; color: #4a5565; }
`;
