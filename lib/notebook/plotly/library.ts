import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { assert } from '../../core/assert.ts';
import { projectRoot } from '../../store/location.ts';

const require = createRequire(import.meta.url);

/** The kinds of chart that a notebook carries; Plotly's lines and points are always in. */
const TRACES = ['bar', 'heatmap', 'histogram', 'parcoords', 'surface'] as const;
/** In the name of the cache: other rules of cutting make another file. */
const CUT = 1;

let packed: string | undefined;

/**
 * The part of Plotly that notebooks draw with, gzipped, as base64: 0.8 MB instead of 2, so that a notebook with charts
 * stays small enough to commit. Cut from the installed library on first use, which takes a second, and kept in the
 * project's cache. MIT, © Plotly, Inc.; its notice stays at the head.
 */
export function plotlyLibrary(): string {
  packed ??= cached();
  return packed;
}

function cached(): string {
  const { version } = require('plotly.js-dist-min/package.json') as { version: string };
  const folder = join(projectRoot(), 'node_modules', '.cache', 'streamscalp');
  const file = join(folder, `plotly-${version}-${CUT}.base64`);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const made = gzipSync(cutPlotly(TRACES), { level: 9 }).toString('base64');
  mkdirSync(folder, { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, made);
  renameSync(temporary, file);
  return made;
}

/**
 * Plotly with only some of its kinds of traces. The bundle is a list of functions, one for each module, and one call
 * that registers the traces: with a shorter list, and the functions marked as free of side effects, esbuild leaves out
 * what nothing reaches. The exact version of the package is pinned, and a test draws each kind in a browser.
 */
export function cutPlotly(traces: readonly string[]): string {
  const { transformSync }: typeof import('esbuild') = require('esbuild');
  const whole = readFileSync(require.resolve('plotly.js-dist-min'), 'utf8');
  const start = /var Plotly=\(\(\)=>\{/.exec(whole);
  const end = /return ([\w$]+)\(\);\}\)\(\);/.exec(whole);
  const list = /\.register\(\[((?:[\w$]+\(\),?)+)\]\)/.exec(whole);
  assert(start !== null && end !== null && list !== null, 'plotly.min.js is not built as expected');
  const modules = moduleTexts(whole);
  const kept = list[1]!
    .split(',')
    .filter((call) => traces.includes(traceName(modules, call.replace('()', '')) ?? ''));
  assert(kept.length === traces.length, `plotly.min.js registers ${kept.length} of ${traces}`);
  const body = whole
    .slice(start.index + start[0].length, end.index)
    .replace(list[0], `.register([${kept}])`)
    .replace(MODULE, '$1/* @__PURE__ */$3');
  const { code } = transformSync(`${body}globalThis.Plotly=${end[1]}();`, {
    minify: true,
    treeShaking: true,
    legalComments: 'none',
    target: 'es2022',
    format: 'iife',
    charset: 'utf8',
  });
  return `${whole.slice(0, whole.indexOf('*/') + 2)}\n${code}`;
}

/** `name = wrap((exports, module) => {`: how each module of the bundle begins. */
const MODULE = /([,; ]([\w$]+)=)([\w$]+\((?:\([\w$,]*\)|[\w$]+)=>\{)/g;

function moduleTexts(whole: string): Map<string, string> {
  const starts = [...whole.matchAll(MODULE)];
  return new Map(
    starts.map((match, i) => [match[2]!, whole.slice(match.index, starts[i + 1]?.index)]),
  );
}

/** The trace that a module exports, itself or through the first modules it asks for. */
function traceName(
  modules: ReadonlyMap<string, string>,
  module: string,
  depth = 3,
): string | undefined {
  const text = modules.get(module) ?? '';
  const found = /moduleType:"trace",name:"(\w+)"/.exec(text)?.[1];
  if (found !== undefined || depth === 0 || text.length > 400) return found;
  for (const [, next] of text.matchAll(/=([\w$]+)\(\)/g)) {
    const name = traceName(modules, next!, depth - 1);
    if (name !== undefined) return name;
  }
  return undefined;
}
