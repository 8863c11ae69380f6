import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../core/errors.ts';

export interface AlpacaKeys {
  readonly keyId: string;
  readonly secret: string;
}

const schema = z.object({ keyId: z.string().min(1), secret: z.string().min(1) });

/**
 * The keys of an account, which its data needs as well: APCA_API_KEY_ID and APCA_API_SECRET_KEY, or the JSON file
 * `{ "keyId", "secret" }` that APCA_KEY_FILE names, by default ~/.config/alpaca/keys.json, readable by its owner alone.
 * No message ever holds a key.
 *
 * @throws LabError `usage` when there are none; `refused` when others may read the file
 */
export async function alpacaKeys(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<AlpacaKeys> {
  const { APCA_API_KEY_ID: keyId, APCA_API_SECRET_KEY: secret, APCA_KEY_FILE } = environment;
  if (keyId && secret) return { keyId, secret };
  if (keyId || secret) {
    const missing = keyId ? 'APCA_API_SECRET_KEY' : 'APCA_API_KEY_ID';
    throw new LabError('usage', `half of Alpaca's keys is set; set ${missing} as well`);
  }
  const file = APCA_KEY_FILE || join(homedir(), '.config', 'alpaca', 'keys.json');
  const found = await stat(file).catch(() => undefined);
  if (!found) {
    throw new LabError(
      'usage',
      `Alpaca wants keys, also for data: set APCA_API_KEY_ID and APCA_API_SECRET_KEY, or write {"keyId": …, "secret": …} to ${file} with mode 0600; an account is free at alpaca.markets`,
    );
  }
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    throw new LabError(
      'refused',
      `${file} has mode ${mode}, so others may read your keys; chmod 600 it`,
    );
  }
  const read = schema.safeParse(json(await readFile(file, 'utf8')));
  if (read.success) return read.data;
  throw new LabError('usage', `${file} holds no keys; expected {"keyId": "…", "secret": "…"}`);
}

/** What the text says, or undefined: the error of JSON.parse would quote a piece of it. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
