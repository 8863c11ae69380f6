// Shows what a long command is doing: each step with the time it takes. A terminal gets one line that moves, a log gets
// a line at the start, at the end, and a sign of life in between.

const isTerminal = process.stderr.isTTY === true;
const SIGN_OF_LIFE_MS = 10_000;

/**
 * Runs one step and shows it. `work` gets a function to tell what it is at; its result is the step's.
 *
 * @template T
 * @param {string} name
 * @param {(say: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  let detail = '';
  const draw = () => write(`\r\u001b[2K… ${name} ${seconds()}  ${detail}`.slice(0, width()));
  const say = (text) => {
    detail = text;
    if (!isTerminal) write(`  ${text}\n`);
  };
  if (!isTerminal) write(`… ${name}\n`);
  const tick = () => (isTerminal ? draw() : write(`  still at ${name}, ${seconds()}\n`));
  const timer = setInterval(tick, isTerminal ? 100 : SIGN_OF_LIFE_MS);
  try {
    const result = await work(say);
    done('✓');
    return result;
  } catch (error) {
    done('✗');
    throw error;
  } finally {
    clearInterval(timer);
  }

  function done(mark) {
    write(`${isTerminal ? '\r\u001b[2K' : ''}${mark} ${name}  ${seconds()}\n`);
  }
}

/** A line of its own, above a moving one. */
export function tell(text) {
  write(`${isTerminal ? '\r\u001b[2K' : ''}${text}\n`);
}

function width() {
  // The escape that clears the line takes no place.
  return (process.stderr.columns ?? 100) + 4;
}

function write(text) {
  process.stderr.write(text);
}
