import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { canonicalJson } from '../core/fingerprint.ts';
import type { Instrument } from '../market/instrument.ts';
import { replaceFile } from './durable-file.ts';
import { INSTRUMENT } from './layout.ts';

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
  const file = join(directory, INSTRUMENT);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new LabError('io', `cannot read ${file}: ${String(error)}`, { cause: error });
  }
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
export async function writeInstrument(directory: string, instrument: Instrument): Promise<void> {
  const known = await readInstrument(directory);
  if (known && canonicalJson(known) === canonicalJson(instrument)) return;
  const text = `${JSON.stringify(schema.parse(instrument), null, 2)}\n`;
  await replaceFile(join(directory, INSTRUMENT), (temporary) => writeFile(temporary, text));
}
