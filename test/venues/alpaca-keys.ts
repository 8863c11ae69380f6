import { vi } from 'vitest';
import type { AlpacaServer } from './alpaca-server.ts';

/** The server, listening, with its keys in the environment until `vi.unstubAllEnvs`. */
export async function listening(server: AlpacaServer): Promise<AlpacaServer> {
  await server.listen();
  vi.stubEnv('APCA_API_KEY_ID', server.keys.keyId);
  vi.stubEnv('APCA_API_SECRET_KEY', server.keys.secret);
  return server;
}
