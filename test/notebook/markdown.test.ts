import { renderMarkdown } from '@streamscalp/lib/notebook/markdown';
import { describe, expect, it } from 'vitest';

// Expected HTML follows the CommonMark specification (0.31), but for raw HTML, which we show as text.
describe('Markdown', () => {
  it.each([
    ['a heading', '## Costs #', '<h2>Costs</h2>'],
    ['a paragraph over two lines', 'one\ntwo', '<p>one\ntwo</p>'],
    ['a break of two spaces', 'one  \ntwo', '<p>one<br>\ntwo</p>'],
    ['strong and emphasis', '**a *b* c** _d_', '<p><strong>a <em>b</em> c</strong> <em>d</em></p>'],
    ['underscores inside a name', 'snake_case_name', '<p>snake_case_name</p>'],
    ['asterisks as a product', '2 * 3 * 4', '<p>2 * 3 * 4</p>'],
    ['code that holds signs', '`a *b* <c>`', '<p><code>a *b* &lt;c&gt;</code></p>'],
    ['a link', '[a **b**](x.html)', '<p><a href="x.html">a <strong>b</strong></a></p>'],
    ['a rule', '---', '<hr>'],
    ['a quote', '> said\n> so', '<blockquote><p>said\nso</p></blockquote>'],
    ['fenced code', '```ts\nif (a < b) {}\n```', '<pre><code>if (a &lt; b) {}</code></pre>'],
    ['a list after its sentence', 'so:\n- a\n- b', '<p>so:</p>\n<ul><li>a</li><li>b</li></ul>'],
    ['a nested list', '1. a\n   - b\n2. c', '<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>'],
    ['an item over two lines', '- a\n  b', '<ul><li>a\nb</li></ul>'],
    [
      'a table',
      '| a | b |\n|---|--:|\n| 1 | `2` |',
      '<table><thead><tr><th style="text-align:left">a</th><th style="text-align:right">b</th></tr></thead><tbody><tr><td style="text-align:left">1</td><td style="text-align:right"><code>2</code></td></tr></tbody></table>',
    ],
  ])('renders %s', (_, source, html) => {
    expect(renderMarkdown(source)).toBe(html);
  });

  it.each([
    '<script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '![x](JavaScript:alert(1))',
    '[x](data:text/html,<script>)',
    '<img src=x onerror=alert(1)>',
    '[x](a" onmouseover="alert(1))',
    '| a | b |\n|---|---|\n| <script> | x |',
    '- <script>',
    '# <script>',
  ])('lets no markup of the text through: %s', (source) => {
    const html = renderMarkdown(source);
    expect(html).not.toMatch(/<script|<img|onmouseover="|href="(javascript|data)/i);
  });
});
