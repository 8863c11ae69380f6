import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { WindowSum } from './window-sum.ts';

/** Simple moving average of `length` ≥ 1 values. */
export function sma(length: number): ValueSpec {
  checkLength('sma', length);
  return {
    input: 'value',
    name: 'sma',
    args: [length],
    lines: ['value'],
    warmup: length,
    onPrice: true,
    create: () => new WindowSum(length, length),
  };
}
