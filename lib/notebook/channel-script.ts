/**
 * How a page in a notebook speaks to the kernel: JavaScript of a function that takes the name by which the Jupyter server
 * knows the kernel and the id that the kernel answers to, and gives a function from a question to the promise of its
 * answer; or nothing where the page lies on no Jupyter server. JupyterLab, Notebook 7 and the classic notebook all let a
 * page of their own open a channel to a kernel, so one way serves them all.
 */
export const CHANNEL_SCRIPT = `((kernel, id) => {
  const config = document.getElementById('jupyter-config-data');
  const page = config ? JSON.parse(config.textContent) : { baseUrl: document.body.dataset.baseUrl };
  if (!page.baseUrl || !kernel || !location.protocol.startsWith('http')) return undefined;
  const session = id + Math.random().toString(36).slice(2);
  const address = location.origin.replace(/^http/, 'ws') + page.baseUrl + 'api/kernels/' + kernel + '/channels?session_id=' + session + (page.token ? '&token=' + page.token : '');
  let socket, waiting;
  const settle = (how, value) => { const asked = waiting; waiting = undefined; if (asked) asked[how](value); };
  return (data) => new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    const header = { msg_id: session + performance.now(), msg_type: 'comm_msg', session, username: 'lab', version: '5.3', date: new Date().toISOString() };
    const text = JSON.stringify({ channel: 'shell', header, parent_header: {}, metadata: {}, content: { comm_id: id, data } });
    if (socket && socket.readyState === 1) return socket.send(text);
    socket = new WebSocket(address);
    socket.onopen = () => socket.send(text);
    socket.onclose = socket.onerror = () => settle('reject', new Error('the kernel cannot be reached'));
    socket.onmessage = (event) => {
      const { header, parent_header, content } = JSON.parse(event.data);
      if (parent_header.session !== session || !/^comm_/.test(header.msg_type) || content.comm_id !== id) return;
      if (header.msg_type === 'comm_msg') settle('resolve', content.data);
      else settle('reject', new Error(content.data.error || 'run the cell again: its kernel has been restarted'));
    };
  });
})`;
