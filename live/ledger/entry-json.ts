import { LabError } from '@streamscalp/lib/core/errors';
import { canonicalJson } from '@streamscalp/lib/core/fingerprint';
import type { LedgerEntry } from '@streamscalp/lib/trading/ledger';
import { z } from 'zod';

/** JSON has no NaN, which is the absent price, and no infinity, which a strategy may ask for; they are written as text. */
const real = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)]);
const at = { ts: real, orderId: z.number().int() };
const traded = { instrument: z.number().int(), side: z.enum(['buy', 'sell']) };

const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('order'),
    ...at,
    ...traded,
    type: z.enum([
      'market',
      'limit',
      'stop',
      'stopLimit',
      'trailingStop',
      'trailingStopLimit',
      'marketIfTouched',
      'limitIfTouched',
    ]),
    qty: real,
    fraction: real,
    limitPrice: real,
    stopPrice: real,
    tif: z.enum(['gtc', 'ioc', 'fok', 'day', 'gtd', 'atOpen', 'atClose']),
    reduceOnly: z.boolean(),
    postOnly: z.boolean(),
    role: z.enum(['plain', 'stopLoss', 'takeProfit', 'liquidation']),
    parentId: z.number().int(),
  }),
  z.strictObject({
    kind: z.literal('modified'),
    ...at,
    qty: real,
    limitPrice: real,
    stopPrice: real,
  }),
  z.strictObject({
    kind: z.literal('denied'),
    ...at,
    rule: z.string(),
    limit: real,
    found: real,
  }),
  z.strictObject({
    kind: z.literal('fill'),
    ...at,
    ...traded,
    qty: real,
    price: real,
    fee: real,
    liquidity: z.enum(['maker', 'taker']),
    left: real,
  }),
  z.strictObject({
    kind: z.literal('cash'),
    ts: real,
    instrument: z.number().int(),
    amount: real,
    what: z.enum(['funding', 'dividend', 'borrow', 'split-cash', 'liquidation-fee']),
  }),
  z.strictObject({
    kind: z.literal('split'),
    ts: real,
    instrument: z.number().int(),
    ratio: real,
    qty: real,
    price: real,
  }),
  z.strictObject({
    kind: z.literal('ended'),
    ...at,
    status: z.enum(['canceled', 'rejected']),
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('state'),
    ts: real,
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
  const members = Object.entries(entry).map(([name, value]) => [
    name,
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  ]);
  return canonicalJson(Object.fromEntries(members));
}

/** @throws LabError `data` when the text is not an entry */
export function decodeEntry(body: string): LedgerEntry {
  try {
    return entrySchema.parse(JSON.parse(body));
  } catch (cause) {
    throw new LabError('data', `the ledger holds an entry that cannot be read: ${body}`, { cause });
  }
}
