import { assert } from '@streamscalp/lib/core/assert';
import { LabError } from '@streamscalp/lib/core/errors';
import { canonicalJson } from '@streamscalp/lib/core/fingerprint';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { z } from 'zod';

/** JSON has no NaN, the absent price; it is written as null. */
const absent = z.union([z.number(), z.null().transform(() => Number.NaN)]);
const at = { ts: z.number(), orderId: z.number().int() };
const traded = { instrument: z.number().int(), side: z.enum(['buy', 'sell']) };

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    ...at,
    ...traded,
    type: z.enum(['market', 'limit', 'stop']),
    qty: absent,
    fraction: absent,
    limitPrice: absent,
    stopPrice: absent,
    role: z.enum(['plain', 'stopLoss', 'takeProfit']),
    parentId: z.number().int(),
  }),
  z.strictObject({
    kind: z.literal('denied'),
    ...at,
    rule: z.string(),
    limit: absent,
    found: absent,
  }),
  z.strictObject({
    kind: z.literal('fill'),
    ...at,
    ...traded,
    qty: z.number(),
    price: z.number(),
    fee: z.number(),
    liquidity: z.enum(['maker', 'taker']),
  }),
  z.strictObject({
    kind: z.literal('ended'),
    ...at,
    status: z.enum(['canceled', 'rejected']),
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('state'),
    ts: z.number(),
    state: z.string(),
    reason: z.string(),
  }),
]);

/**
 * An entry as it is stored: canonical JSON, so that equal entries are equal bytes. JavaScript writes the shortest
 * decimal that reads back as the same float64, so quantities and prices survive to the last bit in any database;
 * a REAL column would turn NaN into NULL in one and keep it in another.
 */
export function encodeEntry(entry: LedgerEntry): string {
  for (const [name, value] of Object.entries(entry)) {
    const finite = typeof value !== 'number' || Math.abs(value) !== Number.POSITIVE_INFINITY;
    assert(finite, `${entry.kind}.${name} is ${value}`);
  }
  return canonicalJson(entry);
}

/** @throws LabError `data` when the text is not an entry */
export function decodeEntry(body: string): LedgerEntry {
  try {
    return entrySchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new LabError('data', `the ledger holds an entry that cannot be read: ${body}`, { cause });
  }
}
