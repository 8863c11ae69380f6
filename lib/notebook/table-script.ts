/**
 * What makes a table sortable where scripts run: JavaScript of a function that is called with the rows. It works in the
 * page and not in a frame, because a table is as high as its rows. A notebook front end may move the output about, so
 * the script takes the last table in the page that nobody has taken and whose headings are its own.
 */
export const TABLE_SCRIPT = `((data) => {
  const mine = [...document.querySelectorAll('.lab-table:not([data-ready])')].find((place) => {
    const heads = [...place.querySelectorAll('th')].map((head) => head.textContent);
    return heads.join('\\n') === data.names.join('\\n') && place.querySelectorAll('tbody td[style*="12px"]').length === data.shown * heads.length;
  });
  if (!mine) return;
  mine.dataset.ready = 'yes';
  const body = mine.querySelector('tbody');
  const heads = [...mine.querySelectorAll('th')];
  let order = data.texts.map((_, i) => i);
  let sorted = -1, up = false;
  const draw = () => {
    body.replaceChildren();
    const half = Math.floor(data.shown / 2);
    order.forEach((row, place) => {
      const hidden = order.length > data.shown && place >= half && place < order.length - (data.shown - half);
      if (hidden && place > half) return;
      const line = body.insertRow();
      if (hidden) {
        const cell = line.insertCell();
        cell.colSpan = heads.length;
        cell.style.textAlign = 'center';
        cell.textContent = '…';
        return;
      }
      data.texts[row].forEach((text, i) => {
        const cell = line.insertCell();
        cell.style = data.aligned[i];
        cell.textContent = text;
      });
    });
    heads.forEach((head, i) => { head.textContent = data.names[i] + (i === sorted ? (up ? ' ▲' : ' ▼') : ''); });
  };
  const compare = (a, b) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : typeof a === 'number' && typeof b === 'number' ? (up ? a - b : b - a) : (up ? 1 : -1) * String(a).localeCompare(String(b)));
  heads.forEach((head, i) => {
    head.style.cursor = 'pointer';
    head.title = 'sort by ' + data.names[i];
    head.onclick = () => {
      up = sorted === i ? !up : false;
      sorted = i;
      order = data.texts.map((_, row) => row).sort((a, b) => compare(data.values[a][i], data.values[b][i]) || a - b);
      draw();
    };
  });
  const quoted = (value) => (value === null ? '' : /[",\\n]/.test(String(value)) ? '"' + String(value).replaceAll('"', '""') + '"' : String(value));
  const button = document.createElement('button');
  button.textContent = 'Copy CSV';
  button.title = data.note + ', full precision';
  button.style = 'font:12px system-ui,sans-serif;margin:4px 0';
  button.onclick = async () => {
    const csv = [data.names, ...order.map((row) => data.values[row])].map((line) => line.map(quoted).join(',')).join('\\n') + '\\n';
    mine.dataset.csv = csv;
    try { await navigator.clipboard.writeText(csv); }
    catch {
      const area = document.createElement('textarea');
      area.value = csv;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    button.textContent = 'Copied ' + data.note;
  };
  mine.append(button);
})`;
