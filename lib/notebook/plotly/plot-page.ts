import { framedHtml, json, pack, UNPACK } from '../chart/chart-page.ts';
import { DISPLAY, type Displayable } from '../mime-bundle.ts';
import { carryAgain, mustCarryLibrary } from './carrier.ts';
import { plotlyLibrary } from './library.ts';

/** One chart for Plotly, and what stands for it where scripts do not run. */
export interface Plotted {
  readonly name: string;
  readonly height: number;
  /** An SVG document. */
  readonly picture: string;
  /** Plotly's traces and layout: plain JSON. */
  readonly data: readonly object[];
  readonly layout: object;
}

/**
 * A chart drawn by Plotly. The library is carried by the first such output of a notebook; the frames of the others ask
 * all frames beside them for it, and any that has it answers. When none does, the frame says what to run, and goes on
 * asking.
 */
export function plotted(make: () => Plotted): Displayable {
  return {
    [DISPLAY]: () => {
      const { name, height, picture, data, layout } = make();
      const library = mustCarryLibrary() ? plotlyLibrary() : '';
      const page = plotPage(pack(JSON.stringify({ data, layout })), library);
      return { 'text/html': framedHtml(picture, height, page), 'text/plain': `[${name}]` };
    },
  };
}

/** Carries the charting library of a notebook whose first chart was cleared or deleted: run `plotly()` in a cell. */
export function plotly(): Displayable {
  return {
    [DISPLAY]: () => {
      carryAgain();
      mustCarryLibrary();
      const note = svgNote(
        'The charts of this notebook draw with the library that this output carries.',
      );
      return {
        'text/html': framedHtml(note, 28, plotPage('', plotlyLibrary())),
        'text/plain': '[the charting library of this notebook]',
      };
    },
  };
}

function svgNote(words: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="28" viewBox="0 0 720 28" font-family="system-ui,sans-serif" font-size="12.5"><text x="4" y="18" fill="#6b7280">${words}</text></svg>`;
}

/** Kinds of trace that Plotly draws by WebGL. */
const WEBGL = ['surface', 'parcoords'];

/** How long a frame waits for an answer before it says so, in milliseconds. */
const PATIENCE_MS = 4_000;

/**
 * The page in the frame, transparent until it has drawn.
 *
 * @param packed traces and layout; empty for a page that only carries
 * @param library packed; empty for a page that asks for it
 */
function plotPage(packed: string, library: string): string {
  return `<!doctype html><meta charset="utf-8"><style>html,body{margin:0;height:100%}#missing{position:fixed;left:0;right:0;bottom:0;padding:4px 10px;font:12.5px system-ui,sans-serif;background:#fff7e6;color:#1b1f24}</style><div id="place" style="height:100%"></div><script>
${UNPACK}
const text = async (packed) => new TextDecoder().decode(await unpack(packed));
const packed = ${json(packed)};
let library = ${json(library)};
const neighbours = (message) => { for (let i = 0; i < parent.frames.length; i++) if (parent.frames[i] !== self) parent.frames[i].postMessage(message, '*'); };
const say = (words) => {
  document.body.append(Object.assign(document.createElement('div'), { id: 'missing', textContent: words }));
  document.title = 'missing';
};
const draw = async () => {
  document.getElementById('missing')?.remove();
  if (packed !== '') {
    const { data, layout } = JSON.parse(await text(packed));
    if (data.some(({ type }) => ${json(WEBGL)}.includes(type)) && !document.createElement('canvas').getContext('webgl')) {
      say('This browser draws no WebGL, which the live chart needs. This is the still picture.');
      return;
    }
    (0, eval)(await text(library));
    await Plotly.newPlot('place', data, layout, { responsive: true, displaylogo: false, modeBarButtonsToRemove: ['select2d', 'lasso2d'] });
    document.body.style.background = '#fff';
  }
  document.title = 'drawn';
};
const asked = performance.now();
const ask = () => {
  if (library !== '') return;
  neighbours({ lab: 'who has plotly?' });
  const late = performance.now() - asked > ${PATIENCE_MS};
  if (late && !document.getElementById('missing')) say('The live chart needs the charting library of this notebook, which an earlier output carried and is no longer here. Run plotly() in a cell above, or run all cells again. This is the still picture.');
  setTimeout(ask, late ? 2000 : 250);
};
addEventListener('message', ({ data, source }) => {
  if (data?.lab === 'who has plotly?' && library !== '') source.postMessage({ lab: 'plotly', library }, '*');
  if (data?.lab === 'plotly' && library === '') { library = data.library; draw(); }
});
if (library !== '') draw(); else ask();
</script>`;
}
