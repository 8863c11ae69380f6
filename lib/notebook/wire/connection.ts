import { createServer } from 'node:net';
import { z } from 'zod';

/** The file by which a client tells a kernel where to listen. */
export const connectionFile = z.object({
  transport: z.literal('tcp'),
  ip: z.string(),
  key: z.string(),
  signature_scheme: z.literal('hmac-sha256'),
  shell_port: z.number(),
  iopub_port: z.number(),
  stdin_port: z.number(),
  control_port: z.number(),
  hb_port: z.number(),
});

export type Connection = z.infer<typeof connectionFile>;

/** A connection on five ports of the loopback that are free now; nothing holds them until the kernel binds. */
export async function freeConnection(key: string): Promise<Connection> {
  const servers = await Promise.all([0, 1, 2, 3, 4].map(() => listenAnywhere()));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    transport: 'tcp',
    ip: '127.0.0.1',
    key,
    signature_scheme: 'hmac-sha256',
    shell_port,
    iopub_port,
    stdin_port,
    control_port,
    hb_port,
  };
}

function listenAnywhere(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
