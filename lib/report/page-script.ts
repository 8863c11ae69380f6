/**
 * What runs in the page: unpacks the library and the data, draws the charts in place of their stills, and serves the
 * table's buttons. Sets `data-drawn` on the root element to the number of charts when all are drawn.
 */
export const PAGE_SCRIPT = `
'use strict';
const nonce = document.currentScript.nonce;
const byId = (id) => document.getElementById(id);

async function unpack(id) {
  const bytes = Uint8Array.from(atob(byId(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

function run(code) {
  const script = document.createElement('script');
  script.nonce = nonce;
  script.textContent = code;
  document.head.append(script);
}

function showAllRows(rows) {
  const body = byId('trades').tBodies[0];
  body.replaceChildren(...rows.map((cells) => {
    const row = document.createElement('tr');
    for (const cell of cells) row.insertCell().textContent = cell;
    return row;
  }));
}

function saveCsv(text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = 'trades.csv';
  link.click();
}

function on(id, listener) {
  byId(id)?.addEventListener('click', listener);
}

async function main() {
  const [library, data] = await Promise.all([unpack('plotly'), unpack('data')]);
  run(library);
  const { plots, trades } = JSON.parse(data);
  on('show-all', (event) => {
    showAllRows(trades.rows);
    event.target.remove();
  });
  on('save-csv', () => saveCsv(trades.csv));
  for (const { id, data, layout } of plots) {
    const place = byId(id);
    place.replaceChildren();
    await Plotly.newPlot(place, data, layout, {
      responsive: true,
      displaylogo: false,
      modeBarButtonsToRemove: ['select2d', 'lasso2d'],
    });
  }
  document.documentElement.dataset.drawn = plots.length;
}

main().catch((error) => {
  byId('notice').textContent = 'The charts could not be drawn (' + error.message + '); the pictures are static.';
  throw error;
});
`;
