import { Ema } from './ema.ts';
import { memoryLength, type ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';

/** The smoothing of Wilder (1978): an average with alpha = 1 / length. */
export function wilder(length: number): Ema {
  return new Ema(length, 1 / length);
}

/** Inputs after which the start of Wilder's smoothing is forgotten. */
export function wilderMemory(length: number): number {
  return Math.max(length, memoryLength(1 / length));
}

/** Wilder's moving average, also called RMA or SMMA: alpha = 1 / length, started with a simple mean. */
export function rma(length: number): ValueSpec {
  checkLength('rma', length);
  return {
    input: 'value',
    name: 'rma',
    args: [length],
    lines: ['value'],
    warmup: wilderMemory(length),
    onPrice: true,
    create: () => wilder(length),
  };
}
