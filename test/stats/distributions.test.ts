import { normalCdf, normalQuantile, studentTCdf } from '@streamscalp/lib/stats/distributions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { golden, relativeError } from './golden.ts';

const normal = golden<{ cdf: { x: number; p: number }[]; quantile: { p: number; x: number }[] }>(
  'normal.json',
);
const studentT = golden<{ t: number; degrees: number; p: number }[]>('student-t.json');

describe('distributions', () => {
  it.each(normal.rows.cdf)('gives Φ($x) to 1e-15 relative, deep in the tail too', ({ x, p }) => {
    expect(relativeError(normalCdf(x), p)).toBeLessThan(1e-15);
  });

  it.each(normal.rows.quantile)('gives the normal quantile of $p to 1e-15', ({ p, x }) => {
    expect(relativeError(normalQuantile(p), x)).toBeLessThan(1e-15);
  });

  it.each(studentT.rows)('gives the t distribution of $t with $degrees degrees', (row) => {
    expect(relativeError(studentTCdf(row.t, row.degrees), row.p)).toBeLessThan(1e-13);
  });

  it('finds x again from its probability', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 6, noNaN: true }), (x) => {
        // Above 0 the probability itself has lost the digits that the quantile would need.
        const lost = x > 0 ? 1e-15 / (1 - normalCdf(x)) : 0;
        expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(1e-13 + lost);
      }),
      { seed: 11 },
    );
  });

  it('knows nothing of NaN and has no quantile at 0 and 1', () => {
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(studentTCdf(Number.NaN, 3)).toBeNaN();
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NaN, Number.NaN]);
    expect([normalCdf(-Infinity), normalCdf(Infinity)]).toEqual([0, 1]);
  });
});
