import type { PackedColumn } from '../model.ts';

/** Reads what `packColumns` wrote. */
export function unpackColumns(
  bytes: Uint8Array,
  columns: readonly PackedColumn[],
): Float64Array<ArrayBuffer>[] {
  const found: Float64Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { rows, scale, expects } of columns) {
    const whole = new Float64Array(rows);
    const beside = typeof expects === 'number' ? found[expects]! : null;
    const besideScale = typeof expects === 'number' ? columns[expects]!.scale : 1;
    let last = 0;
    let step = 0;
    for (let i = 0; i < rows; i++) {
      let code = 0;
      let place = 1;
      let byte = bytes[at++]!;
      while (byte >= 128) {
        code += (byte - 128) * place;
        place *= 128;
        byte = bytes[at++]!;
      }
      code += byte * place;
      if (code === 0) {
        whole[i] = Number.NaN;
        continue;
      }
      const surprise = code % 2 === 1 ? (code - 1) / 2 : -code / 2;
      if (expects === 'step') {
        step += surprise;
        last += step;
      } else if (beside === null) {
        last += surprise;
      } else {
        const expected = Math.round(beside[i]! * besideScale);
        last = (Number.isNaN(expected) ? 0 : expected) + surprise;
      }
      whole[i] = last;
    }
    for (let i = 0; i < rows; i++) whole[i] = whole[i]! / scale;
    found.push(whole);
  }
  return found;
}
