import type { BarInput, BarSpec } from './indicator.ts';
import { checkLength } from './length.ts';
import { Middle } from './midpoint.ts';
import { barSpec } from './recurrence.ts';
import { Ring } from './ring.ts';

class Ichimoku {
  readonly others = new Float64Array(3);
  private readonly conversion: Middle;
  private readonly base: Middle;
  private readonly slow: Middle;
  private readonly leading: Ring;
  private readonly trailing: Ring;

  constructor(conversion: number, base: number, slow: number) {
    this.conversion = new Middle(conversion);
    this.base = new Middle(base);
    this.slow = new Middle(slow);
    this.leading = new Ring(base);
    this.trailing = new Ring(base);
  }

  update(bar: BarInput): number {
    const conversion = this.conversion.update(bar);
    const base = this.base.update(bar);
    this.others[0] = base;
    this.others[1] = this.leading.push((conversion + base) / 2);
    this.others[2] = this.trailing.push(this.slow.update(bar));
    return conversion;
  }
}

/**
 * Ichimoku of Hosoda: conversion and base line, the middles of `conversion` and `base` bars, and the two edges of the
 * cloud as they stand at this bar, which were drawn `base` bars ago. Its lagging span is the close itself drawn in the
 * past: compare the close with an older one instead.
 */
export function ichimoku(
  conversion = 9,
  base = 26,
  slow = 52,
): BarSpec<'conversion' | 'base' | 'spanA' | 'spanB'> {
  checkLength('ichimoku conversion', conversion);
  checkLength('ichimoku base', base, conversion);
  checkLength('ichimoku slow', slow, base);
  return barSpec(
    {
      name: 'ichimoku',
      args: [conversion, base, slow],
      lines: ['conversion', 'base', 'spanA', 'spanB'],
      warmup: slow + base,
      onPrice: true,
    },
    () => new Ichimoku(conversion, base, slow),
  );
}
