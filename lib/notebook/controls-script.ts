/**
 * Makes the sliders and speaks to the kernel: JavaScript of a function that is called with the id of the controls, the
 * kernel, and the fields. JupyterLab, Notebook 7 and the classic notebook all lie on a Jupyter server that lets a page of
 * its own open a channel to a kernel, so one way serves them all; elsewhere the static form stays.
 */
export const CONTROLS_SCRIPT = `((setup) => {
  const place = [...document.querySelectorAll('.lab-controls:not([data-ready])')].find((one) => one.dataset.id === setup.id);
  const config = document.getElementById('jupyter-config-data');
  const page = config ? JSON.parse(config.textContent) : { baseUrl: document.body.dataset.baseUrl };
  if (!place || !page.baseUrl || !setup.kernel || !location.protocol.startsWith('http')) return;
  place.dataset.ready = 'yes';
  const [form, shown] = place.children;
  const session = setup.id + Math.random().toString(36).slice(2);
  const address = location.origin.replace(/^http/, 'ws') + page.baseUrl + 'api/kernels/' + setup.kernel + '/channels?session_id=' + session + (page.token ? '&token=' + page.token : '');
  const values = Object.fromEntries(Object.entries(setup.fields).map(([name, field]) => [name, field.value]));
  let socket, busy = false, again = false;
  const note = document.createElement('span');
  const send = () => {
    if (busy) { again = true; return; }
    busy = true;
    const header = { msg_id: session + performance.now(), msg_type: 'comm_msg', session, username: 'lab', version: '5.3', date: new Date().toISOString() };
    const text = JSON.stringify({ channel: 'shell', header, parent_header: {}, metadata: {}, content: { comm_id: setup.id, data: values } });
    const post = () => socket.send(text);
    if (socket && socket.readyState === 1) return post();
    socket = new WebSocket(address);
    socket.onopen = post;
    socket.onerror = () => { busy = false; note.textContent = 'the kernel cannot be reached'; };
    socket.onmessage = (event) => {
      const { header, parent_header, content } = JSON.parse(event.data);
      if (parent_header.session !== session || !/^comm_/.test(header.msg_type) || content.comm_id !== setup.id) return;
      busy = false;
      if (header.msg_type === 'comm_close') { note.textContent = content.data.error || 'run the cell again: its kernel has been restarted'; return; }
      note.textContent = '';
      shown.innerHTML = content.data.html;
      place.dataset.drawn = String(Number(place.dataset.drawn || 0) + 1);
      if (again) { again = false; send(); }
    };
  };
  form.replaceChildren(...Object.entries(setup.fields).map(([name, field]) => {
    const label = document.createElement('label');
    label.style = 'display:inline-flex;align-items:center;gap:6px;margin-right:18px';
    const input = Object.assign(document.createElement('input'), { type: 'range', min: field.least, max: field.most, step: field.step, name });
    input.value = field.value;
    const written = document.createElement('output');
    written.textContent = field.value;
    input.oninput = () => { values[name] = Number(input.value); written.textContent = input.value; send(); };
    label.append(name, input, written);
    return label;
  }), note);
})`;
