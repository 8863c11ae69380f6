import { readFile } from 'node:fs/promises';
import { LabError } from '../core/errors.ts';
import { type Latency, latencies } from '../engine/sim/book/latency-models.ts';
import { type QueueModel, queues } from '../engine/sim/book/queue-models.ts';

export const QUEUE_WORDS = 'risk-averse, proportional, square, log, or power:N';
export const LATENCY_WORDS =
  'MILLIS, lognormal:MEDIAN:SIGMA[:LEAST], or recorded:FILE.csv of ts,millis';

/** The queue model that a word names. @throws LabError `usage` */
export function queueModel(text: string | undefined): QueueModel {
  if (text === 'risk-averse') return queues.riskAverse;
  if (text === 'proportional' || text === 'square' || text === 'log') return queues[text];
  const [name, power] = text?.split(':') ?? [];
  if (name === 'power' && power) return queues.power(Number(power));
  const found =
    text === undefined ? 'no --queue was given' : `--queue ${text} is not a queue model`;
  throw new LabError(
    'usage',
    `${found}; say how a quote moves in its queue, since it decides the result: ${QUEUE_WORDS}`,
  );
}

/**
 * The latency model that a word names.
 *
 * @param option what it was given as, for messages
 * @param seed   of a drawn one
 * @throws LabError `usage` for what cannot be read, `params` for numbers that make no latency, `io` and `data` for the file
 */
export async function latencyModel(option: string, text: string, seed: number): Promise<Latency> {
  const [name = '', ...rest] = text.split(':');
  if (name === 'recorded' && rest.length > 0) return recorded(rest.join(':'));
  const [median = Number.NaN, sigma = Number.NaN, least] = rest.map(numberOf);
  if (name === 'lognormal' && (rest.length === 2 || rest.length === 3)) {
    return latencies.lognormal(median, sigma, { seed, ...(least !== undefined && { least }) });
  }
  if (rest.length === 0 && Number.isFinite(numberOf(name))) return latencies.constant(Number(name));
  throw new LabError('usage', `${option} ${text} is not a latency; write ${LATENCY_WORDS}`);
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** Lines of `ts,millis`: epoch milliseconds of a sample, and how long it took; a header may be above them. */
async function recorded(file: string): Promise<Latency> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new LabError('io', `cannot read the latencies ${file}: ${cause.message}`, { cause });
  });
  const lines = text.split('\n').map((line) => line.trim());
  const samples: (readonly [number, number])[] = [];
  lines.forEach((line, i) => {
    if (line === '' || (i === 0 && /^[a-z]/i.test(line))) return;
    const [ts = Number.NaN, millis = Number.NaN, ...more] = line.split(',').map(numberOf);
    if (!Number.isFinite(ts) || !Number.isFinite(millis) || more.length > 0) {
      throw new LabError(
        'data',
        `${file}, line ${i + 1}: "${line}" is no sample of a latency; write ts,millis, such as 1723075200000,12.5`,
      );
    }
    samples.push([ts, millis]);
  });
  return latencies.recorded(
    Float64Array.from(samples, ([ts]) => ts),
    Float64Array.from(samples, ([, millis]) => millis),
  );
}
