import { CHANNEL_SCRIPT } from './channel-script.ts';

/**
 * Makes the sliders and speaks to the kernel: JavaScript of a function that is called with the id of the controls, the
 * kernel, and the fields. Where there is no channel to a kernel the static form stays.
 */
export const CONTROLS_SCRIPT = `((setup) => {
  const place = [...document.querySelectorAll('.lab-controls:not([data-ready])')].find((one) => one.dataset.id === setup.id);
  const ask = ${CHANNEL_SCRIPT}(setup.kernel, setup.id);
  if (!place || !ask) return;
  place.dataset.ready = 'yes';
  const [form, shown] = place.children;
  const values = Object.fromEntries(Object.entries(setup.fields).map(([name, field]) => [name, field.value]));
  let busy = false, again = false;
  const note = document.createElement('span');
  const send = () => {
    if (busy) { again = true; return; }
    busy = true;
    ask(values).then(({ html }) => {
      note.textContent = '';
      shown.innerHTML = html;
      place.dataset.drawn = String(Number(place.dataset.drawn || 0) + 1);
      busy = false;
      if (again) { again = false; send(); }
    }, (error) => { busy = again = false; note.textContent = error.message; });
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
