import { checkSeries } from '@streamscalp/lib/quality/check-series';
import { repairSeries } from '@streamscalp/lib/quality/repair';
import { describe, expect, it } from 'vitest';
import { hasSharedData } from '../support/shared-data.ts';
import {
  BROKEN,
  CLEAN,
  differingRows,
  leftBroken,
  readVendorFile,
  scoreFile,
} from './vendor-pairs.ts';

describe.skipIf(!hasSharedData)('broken and repaired Yahoo files (needs ../shared/data)', () => {
  it.each(BROKEN)('$name: every planted row is found, and no other', (file) => {
    const { planted, found, right } = scoreFile(file);
    expect(planted).toBeGreaterThan(0);
    expect({ found, right }).toEqual({ found: planted, right: planted });
  });

  it.each(CLEAN)('$name: no fault is found that is none', (file) => {
    const { found, leftBroken, faults } = scoreFile(file);
    expect(found).toBe(leftBroken);
    if (file.name !== 'CLC-L-1d-bad-div-fixed') expect(faults).toEqual([]);
  });

  it('CLC.L as repaired still has six days in another unit and eight closes above their high', () => {
    const [file] = CLEAN.filter(({ name }) => name === 'CLC-L-1d-bad-div-fixed');
    const { faults, leftBroken } = scoreFile(file!);
    expect(leftBroken).toBe(14);
    expect(faults.filter(({ kind }) => kind === 'high-low').length).toBe(8);
    expect(faults.filter(({ kind }) => kind === 'hundredfold')).toMatchObject([
      { fromTs: Date.UTC(2024, 6, 28, 23), from: 646, to: 652, repair: { price: 100 } },
    ]);
  });

  it.each(BROKEN)('$name: the proposed repairs give the repaired file', (file) => {
    const series = readVendorFile(file);
    const repaired = repairSeries(series, checkSeries(series));
    const golden = readVendorFile({ ...file, name: `${file.name}-fixed` });
    const left = leftBroken({ ...file, name: `${file.name}-fixed` }, golden);
    const hundredfold = left.filter((row) => golden.bars.close[row]! < 0.1);
    // That repair rounds prices to the exchange's cents and volumes to whole shares.
    expect(differingRows(repaired, golden, 1e-4)).toEqual(hundredfold);
  });
});
