import type { BarColumns } from '@streamscalp/lib';

/** Each indicator as one loop; `lines` are what it writes. Values before all inputs are there mean nothing. */
type Loop = (bars: BarColumns, lines: readonly Float64Array[]) => void;

function average({ close }: BarColumns, [out]: readonly Float64Array[]): void {
  let sum = 0;
  for (let i = 0; i < close.length; i++) {
    sum += close[i]!;
    if (i >= 20) sum -= close[i - 20]!;
    out![i] = sum * (1 / 20);
  }
}

function rsi({ close }: BarColumns, [out]: readonly Float64Array[]): void {
  let up = 0;
  let down = 0;
  for (let i = 1; i < close.length; i++) {
    const step = close[i]! - close[i - 1]!;
    const size = Math.abs(step);
    up += ((size + step) / 2 - up) * (1 / 14);
    down += ((size - step) / 2 - down) * (1 / 14);
    out![i] = (100 * up) / (up + down);
  }
}

function macd({ close }: BarColumns, [macd, signal, histogram]: readonly Float64Array[]): void {
  let fast = close[0]!;
  let slow = close[0]!;
  let smooth = 0;
  for (let i = 0; i < close.length; i++) {
    fast += (close[i]! - fast) * (2 / 13);
    slow += (close[i]! - slow) * (2 / 27);
    const line = fast - slow;
    smooth += (line - smooth) * (2 / 10);
    macd![i] = line;
    signal![i] = smooth;
    histogram![i] = line - smooth;
  }
}

/** Sums of prices that are multiples of 1/64, and of their squares, are exact. */
function bollinger({ close }: BarColumns, [middle, upper, lower]: readonly Float64Array[]): void {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < close.length; i++) {
    const price = close[i]!;
    sum += price;
    squares += price * price;
    if (i >= 20) {
      const gone = close[i - 20]!;
      sum -= gone;
      squares -= gone * gone;
    }
    const mean = sum * (1 / 20);
    const width = 2 * Math.sqrt(Math.abs(squares * (1 / 20) - mean * mean));
    middle![i] = mean;
    upper![i] = mean + width;
    lower![i] = mean - width;
  }
}

function atr({ high, low, close }: BarColumns, [out]: readonly Float64Array[]): void {
  let mean = 0;
  for (let i = 1; i < close.length; i++) {
    const before = close[i - 1]!;
    let top = high[i]!;
    let bottom = low[i]!;
    if (before > top) top = before;
    if (before < bottom) bottom = before;
    mean += (top - bottom - mean) * (1 / 14);
    out![i] = mean;
  }
}

/** The loops by name, and how many lines each has. */
export const INDICATOR_LOOPS: Readonly<Record<string, readonly [loop: Loop, lines: number]>> = {
  sma20: [average, 1],
  rsi14: [rsi, 1],
  macd: [macd, 3],
  bollinger: [bollinger, 3],
  atr14: [atr, 1],
};
