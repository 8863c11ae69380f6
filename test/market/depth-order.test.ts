import { Random } from '@streamscalp/lib/core/random';
import {
  DEPTH,
  DepthBuilder,
  type DepthColumns,
  EXCH,
  LOCAL,
} from '@streamscalp/lib/market/depth-columns';
import { DepthOrder, orderDepth } from '@streamscalp/lib/market/depth-order';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Rows as received, under way for up to `late` milliseconds; many of them in one moment of either clock. */
function received(random: Random, rows: number, late: number): DepthColumns {
  const builder = new DepthBuilder();
  let localTs = 1_700_000_000_000;
  for (let row = 0; row < rows; row++) {
    localTs += random.integer(3) * random.integer(40);
    builder.push(DEPTH, localTs - random.integer(late), localTs, row, 1);
  }
  return builder.take();
}

const sliced = ({ ev, exchTs, localTs, tick, qty }: DepthColumns, from: number, to: number) => ({
  ev: ev.subarray(from, to),
  exchTs: exchTs.subarray(from, to),
  localTs: localTs.subarray(from, to),
  tick: tick.subarray(from, to),
  qty: qty.subarray(from, to),
});

/** `flags exchTs localTs row`, of all that was given. */
const listed = (pieces: readonly DepthColumns[]) =>
  pieces.flatMap(({ ev, exchTs, localTs, tick }) =>
    [...ev].map((flags, i) => `${flags} ${exchTs[i]} ${localTs[i]} ${tick[i]}`),
  );

function inPieces(columns: DepthColumns, random: Random): DepthColumns[] {
  const order = new DepthOrder();
  const given: DepthColumns[] = [];
  const rows = columns.ev.length;
  for (let from = 0; from < rows; ) {
    const to = Math.min(rows, from + random.integer(60));
    given.push(structuredClone(order.next(sliced(columns, from, to))));
    from = to;
  }
  return [...given, order.last(new DepthBuilder().take())];
}

describe('rows in the order of both clocks', () => {
  it('are the same in whatever pieces they come, none being under way for more than ten seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.constantFrom(1, 50, 9_999), (seed, late) => {
        const random = new Random(seed);
        const columns = received(random, 600, late);
        expect(listed(inPieces(columns, random))).toEqual(listed([orderDepth(columns)]));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('are not all kept until the end', () => {
    const random = new Random(1);
    const pieces = inPieces(received(random, 5_000, 100), random);
    expect(pieces.at(-1)!.ev.length).toBeLessThan(1_000);
  });

  it('ascend on either clock, each once on each, also where one was under way for a minute', () => {
    const random = new Random(2);
    const columns = received(random, 3_000, 60_000);
    const given = inPieces(columns, random);
    for (const [flag, clock] of [
      [EXCH, 'exchTs'],
      [LOCAL, 'localTs'],
    ] as const) {
      const seen = given.flatMap((piece) =>
        [...piece[clock]].filter((_, i) => (piece.ev[i]! & flag) !== 0),
      );
      expect(seen.length).toBe(3_000);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    }
  });
});
