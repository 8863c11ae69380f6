import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { fingerprint } from '../core/fingerprint.ts';
import { isoTime } from '../core/time.ts';
import { costModelSchema } from '../engine/sim/costs.ts';
import { riskLimitsSchema } from '../risk/limits.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.number().nullable();

const instrument = z.strictObject({
  symbol: z.string(),
  venue: z.string(),
  calendar: z.enum(['24/7', 'us-equity']),
  quote: z.string(),
  tickSize: z.number(),
  lotSize: z.number(),
  minNotional: z.number(),
  synthetic: z.boolean(),
});

const series = z.strictObject({
  role: z.enum(['bars', 'rates', 'finer', 'news', 'funding', 'actions']),
  pair: z.string().optional(),
  bound: z.number().optional(),
  kind: z.enum(['bars', 'news', 'funding', 'actions']),
  venue: z.string(),
  symbol: z.string(),
  timeframe: z.string().optional(),
  fromTs: z.number(),
  toTs: z.number(),
  rows: z.number().int(),
  hash,
});

const contentSchema = z.strictObject({
  version: z.literal(2),
  /** What the passport allows. Real money asks for more than a passport for paper. */
  rung: z.literal('paper'),
  strategy: z.string(),
  code: z.strictObject({
    /** Path of the strategy's file, relative to the project. */
    source: z.string(),
    /** Of the strategy's file and all it imports. */
    strategyHash: hash,
    /** Of the compiled rooms of the library that decide what an order becomes. */
    libraryHash: hash,
    lockfileHash: hash,
  }),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  market: z.strictObject({
    /** In the order of the run; several are one account. */
    instruments: z.array(instrument).min(1),
    timeframe: z.string(),
  }),
  data: z.strictObject({
    /** Of the bars: those of the one instrument, or over those of each. */
    hash,
    bars: z.number().int(),
    fromTs: z.number(),
    toTs: z.number(),
    /** Every stored series that the run read, first the bars of each instrument; each hash names a snapshot too. */
    series: z.array(series).min(1),
  }),
  run: z.strictObject({
    costs: costModelSchema,
    cash: z.number(),
    limits: riskLimitsSchema,
    fills: z.enum(['through', 'touch', 'queue']),
    leverage: z.number(),
    participation: z.number().nullable(),
    /** Present where the run went over unknown gaps. */
    gaps: z.enum(['refuse', 'allow']).optional(),
    borrow: z.strictObject({ annualRate: z.number() }).optional(),
    currency: z.string().optional(),
    conversionBps: z.number().optional(),
    margin: z
      .strictObject({
        mode: z.enum(['isolated', 'cross']),
        leverage: z.number(),
        tiers: z.record(
          z.string(),
          z
            .array(
              z.strictObject({
                notionalCap: z.number(),
                maintenanceRate: z.number(),
                maxLeverage: z.number(),
              }),
            )
            .readonly(),
        ),
        liquidationFee: z.number().optional(),
        liquidation: z.enum(['whole', 'stepwise']).optional(),
      })
      .optional(),
    /** SHA-256 of each stream of the run as it read it, by symbol or pair of currencies. */
    streams: z
      .strictObject({
        funding: z.record(z.string(), hash).optional(),
        corporateActions: z.record(z.string(), hash).optional(),
        rates: z.record(z.string(), hash).optional(),
        finer: z.record(z.string(), hash).optional(),
        news: hash.optional(),
      })
      .optional(),
  }),
  /** The backtest that any machine with the same data reproduces bit for bit. */
  backtest: z.strictObject({
    fingerprint: hash,
    sharpe: number,
    sharpeStdErr: number,
    totalReturn: number,
    maxDrawdown: number,
    trades: z.number().int(),
  }),
  validation: z.strictObject({
    verdict: z.string(),
    reasons: z.array(z.string()),
    outOfSampleSharpe: number,
    outOfSamplePsr: number,
    deflatedSharpe: number,
    trials: z.number().int(),
  }),
  created: z.number(),
  expires: z.number(),
});

export type PassportContent = z.output<typeof contentSchema>;

const passportSchema = contentSchema.extend({
  seals: z.record(z.string(), z.string()),
  id: z.string(),
});

/**
 * Leave to trade: everything that was proved, sealed. Each field has a hash of its own, so that a changed byte is named,
 * and the id is the hash of the seals, so that two passports with one id are the same passport.
 */
export interface Passport extends PassportContent {
  readonly seals: Readonly<Record<string, string>>;
  readonly id: string;
}

export function sealPassport(content: PassportContent): Passport {
  const seals = sealsOf(contentSchema.parse(content));
  return { ...content, seals, id: fingerprint(seals) };
}

function sealsOf(content: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(content).map(([field, value]) => [field, fingerprint(value)]),
  );
}

/** The bytes of a passport's file. */
export function passportText(passport: Passport): string {
  return `${JSON.stringify(passport, null, 2)}\n`;
}

/**
 * Reads a passport and checks that it is whole: its own seals, and its time.
 *
 * @throws LabError `io` when the file cannot be read; `refused` naming the field that was changed, or its expiry
 */
export async function openPassport(file: string, now: number): Promise<Passport> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new LabError('io', `cannot read the passport ${file}: ${cause.message}`, { cause });
  });
  const passport = parsePassport(text, file);
  const { seals, id, ...content } = passport;
  const actual = sealsOf(content);
  const fields = new Set([...Object.keys(actual), ...Object.keys(seals)]);
  for (const field of fields) {
    if (actual[field] !== seals[field])
      refuse(file, `its field "${field}" was changed after it was sealed`);
  }
  if (fingerprint(seals) !== id) refuse(file, 'its id does not fit its seals');
  if (passportText(passport) !== text) refuse(file, 'its bytes were changed after it was sealed');
  if (now > passport.expires) refuse(file, `it expired at ${isoTime(passport.expires)}`);
  return passport;
}

function parsePassport(text: string, file: string): Passport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refusal(file, `it is not JSON: ${(cause as Error).message}`);
  }
  const parsed = passportSchema.safeParse(value);
  if (parsed.success) return value as Passport;
  const issues = parsed.error.issues.map(
    ({ path, message }) => `field "${path.join('.')}": ${message}`,
  );
  throw refusal(file, issues.join('; '));
}

function refusal(file: string, reason: string): LabError {
  return new LabError(
    'refused',
    `passport ${file} is refused: ${reason}; promote the strategy again with \`lab promote\``,
  );
}

function refuse(file: string, reason: string): never {
  throw refusal(file, reason);
}
