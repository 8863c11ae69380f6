import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { canonicalJson } from '../core/fingerprint.ts';
import type { Instrument } from '../market/instrument.ts';
import { readText, replaceText } from './durable-file.ts';
import { INSTRUMENT, type InstrumentKey, instrumentDirectory, type Kind } from './layout.ts';
import { under } from './location.ts';
import { raiseSchema } from './schema.ts';

const schema = z.object({
  symbol: z.string().min(1),
  venue: z.string().min(1),
  calendar: z.enum(['24/7', 'us-equity']),
  quote: z.string().min(1),
  tickSize: z.number().nonnegative(),
  lotSize: z.number().nonnegative(),
  minNotional: z.number().nonnegative(),
  synthetic: z.boolean(),
});

/**
 * The instrument that a directory of the store belongs to; undefined when none was written.
 *
 * @throws LabError `data` when the file is there and cannot be understood
 */
export async function readInstrument(directory: string): Promise<Instrument | undefined> {
  const file = under(directory, INSTRUMENT);
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new LabError(
      'data',
      `${file} is damaged (${reason}); delete it and import the data again`,
      { cause },
    );
  }
}

/** Writes the instrument, unless the file already says the same. */
async function writeInstrument(directory: string, instrument: Instrument): Promise<void> {
  const known = await readInstrument(directory);
  if (known && canonicalJson(known) === canonicalJson(instrument)) return;
  await replaceText(under(directory, INSTRUMENT), `${JSON.stringify(schema.parse(instrument))}\n`);
}

/** Kinds of what a market does, beside which stands what trades in it; of the others the rows say enough. */
const DECLARED = ['bars', 'ticks', 'trades', 'quotes', 'book'] as const satisfies readonly Kind[];

/** The instrument, or undefined when nothing of it was ever stored. */
export async function knownInstrument(
  root: string,
  key: InstrumentKey,
): Promise<Instrument | undefined> {
  for (const kind of DECLARED) {
    const found = await readInstrument(instrumentDirectory(root, kind, key));
    if (found) return found;
  }
  return undefined;
}

/**
 * Writes down what the data to come belongs to, before the first row of it.
 *
 * @throws LabError `data` when real data would come to synthetic, or the other way round
 */
export async function declareInstrument(
  root: string,
  instrument: Instrument,
  kind: Kind,
): Promise<void> {
  await raiseSchema(root);
  const known = await knownInstrument(root, instrument);
  if (known && known.synthetic !== instrument.synthetic) {
    const [stored, fresh] = known.synthetic ? ['synthetic', 'real'] : ['real', 'synthetic'];
    throw new LabError(
      'data',
      `${instrument.symbol} on ${instrument.venue} holds ${stored} data, and the import is ${fresh}; import it under another symbol or venue`,
    );
  }
  for (const one of DECLARED) {
    const directory = instrumentDirectory(root, one, instrument);
    if (one === kind || (await readInstrument(directory))) {
      await writeInstrument(directory, instrument);
    }
  }
}
