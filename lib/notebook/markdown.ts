import { escapeHtml } from '../report/html.ts';

/**
 * The part of Markdown that our notebooks are written in, as HTML: headings, paragraphs, lists, tables, quotes, rules,
 * fenced code, links, emphasis. Raw HTML is shown as text, never passed through.
 */
export function renderMarkdown(source: string): string {
  return blocks(source.replaceAll('\r\n', '\n').split('\n')).join('\n');
}

const FENCE = /^```\s*([\w-]*)\s*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^(-{3,}|\*{3,}|_{3,})$/;
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?(\s*:?-+:?\s*\|)+\s*:?-*:?\s*$/;

function blocks(lines: readonly string[]): string[] {
  const html: string[] = [];
  let at = 0;
  const take = (belongs: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && belongs(lines[at]!)) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at]!;
    const heading = HEADING.exec(line);
    if (line.trim() === '') {
      at++;
    } else if (FENCE.test(line)) {
      at++;
      const code = take((next) => !/^```\s*$/.test(next));
      at++;
      html.push(`<pre><code>${escapeHtml(code.join('\n'))}</code></pre>`);
    } else if (heading) {
      at++;
      const level = heading[1]!.length;
      html.push(`<h${level}>${inline(heading[2]!)}</h${level}>`);
    } else if (RULE.test(line)) {
      at++;
      html.push('<hr>');
    } else if (line.startsWith('>')) {
      const quoted = take((next) => next.startsWith('>'));
      html.push(
        `<blockquote>${blocks(quoted.map((next) => next.replace(/^>\s?/, ''))).join('\n')}</blockquote>`,
      );
    } else if (ITEM.test(line)) {
      html.push(list(take((next) => ITEM.test(next) || /^\s+\S/.test(next))));
    } else if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '')) {
      html.push(table(take((next) => next.includes('|'))));
    } else {
      const text = take((next) => next.trim() !== '' && (next === line || !opensBlock(next)));
      html.push(`<p>${inline(text.join('\n'))}</p>`);
    }
  }
  return html;
}

function opensBlock(line: string): boolean {
  return [FENCE, HEADING, RULE, ITEM].some((form) => form.test(line)) || line.startsWith('>');
}

/** Items by their indent; what is indented deeper belongs to the item above it. */
function list(lines: readonly string[]): string {
  const first = ITEM.exec(lines[0]!)!;
  const indent = first[1]!.length;
  const tag = /\d/.test(first[2]!) ? 'ol' : 'ul';
  const items: { text: string; below: string[] }[] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && item[1]!.length <= indent) items.push({ text: item[3]!, below: [] });
    else items.at(-1)!.below.push(line);
  }
  const html = items.map(({ text, below }) => {
    const nested = below.findIndex((line) => ITEM.test(line));
    const wrapped = nested < 0 ? below : below.slice(0, nested);
    const children = nested < 0 ? '' : list(below.slice(nested));
    return `<li>${inline([text, ...wrapped.map((line) => line.trim())].join('\n'))}${children}</li>`;
  });
  return `<${tag}>${html.join('')}</${tag}>`;
}

function table([head, rule, ...rows]: readonly string[]): string {
  const align = cellsOf(rule!).map((cell) =>
    cell.endsWith(':') ? (cell.startsWith(':') ? 'center' : 'right') : 'left',
  );
  const row = (line: string, tag: 'th' | 'td') =>
    `<tr>${cellsOf(line)
      .map((cell, i) => `<${tag} style="text-align:${align[i] ?? 'left'}">${inline(cell)}</${tag}>`)
      .join('')}</tr>`;
  return `<table><thead>${row(head!, 'th')}</thead><tbody>${rows.map((line) => row(line, 'td')).join('')}</tbody></table>`;
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

const SPAN = new RegExp(
  [
    /`([^`]+)`/, // 1 code
    /!\[([^\]]*)\]\(([^)\s]+)\)/, // 2, 3 image
    /\[((?:[^\][]|\[[^\]]*\])+)\]\(([^)\s]+)\)/, // 4, 5 link
    /<(https?:[^>\s]+)>/, // 6 bare link
    /\*\*(?=\S)(.+?)(?<=\S)\*\*/, // 7 strong
    /(?<![\w*])[*_](?=\S)(.+?)(?<=\S)[*_](?![\w*])/, // 8 emphasis
    /\\([\\`*_[\]|#<>])/, // 9 a sign that is only itself
  ]
    .map((part) => part.source)
    .join('|'),
  'gs',
);

function inline(text: string): string {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(SPAN)) {
    html += plain(text.slice(end, match.index)) + span(match);
    end = match.index + match[0].length;
  }
  return html + plain(text.slice(end));
}

function span([whole, code, alt, image, label, href, bare, strong, emphasis, sign]: string[]) {
  if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
  if (image !== undefined && isSafe(image)) {
    return `<img src="${escapeHtml(image)}" alt="${escapeHtml(alt ?? '')}">`;
  }
  if (label !== undefined && href !== undefined && isSafe(href)) {
    return `<a href="${escapeHtml(href)}">${inline(label)}</a>`;
  }
  if (bare !== undefined) return `<a href="${escapeHtml(bare)}">${escapeHtml(bare)}</a>`;
  if (strong !== undefined) return `<strong>${inline(strong)}</strong>`;
  if (emphasis !== undefined) return `<em>${inline(emphasis)}</em>`;
  return escapeHtml(sign ?? whole ?? '');
}

/** Two spaces at the end of a line break it. */
function plain(text: string): string {
  return escapeHtml(text).replace(/ {2,}\n/g, '<br>\n');
}

/** Addresses that cannot run a script: web, mail, pictures as data, and relative ones. */
function isSafe(url: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return (
    scheme === undefined ||
    ['http', 'https', 'mailto'].includes(scheme) ||
    /^data:image\/(png|jpeg|gif);/i.test(url)
  );
}
