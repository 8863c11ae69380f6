import type { ValueSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { valueSpec } from './recurrence.ts';
import { Roc } from './roc.ts';
import { WindowSum } from './window-sum.ts';

/** Lengths of the four rates of change and of the means that smooth them, as Pring gives them for daily bars. */
const RATES = [10, 15, 20, 30] as const;
const MEANS = [10, 10, 10, 15] as const;

class Kst {
  readonly others = new Float64Array(1);
  private readonly rates = RATES.map((length) => new Roc(length));
  private readonly means = MEANS.map((length) => new WindowSum(length, length));
  private readonly signal: WindowSum;

  constructor(signal: number) {
    this.signal = new WindowSum(signal, signal);
  }

  update(x: number): number {
    let kst = 0;
    for (let i = 0; i < RATES.length; i++) {
      kst += (i + 1) * this.means[i]!.update(this.rates[i]!.update(x));
    }
    this.others[0] = this.signal.update(kst);
    return kst;
  }
}

/** Know sure thing of Pring (1992): four smoothed rates of change, the longer the heavier, and a mean as signal. */
export function kst(signal = 9): ValueSpec<'kst' | 'signal'> {
  checkLength('kst signal', signal);
  const warmup = RATES[3] + MEANS[3] + signal - 1;
  return valueSpec(
    { name: 'kst', args: [signal], lines: ['kst', 'signal'], warmup, onPrice: false },
    () => new Kst(signal),
  );
}
