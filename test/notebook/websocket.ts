import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Duplex } from 'node:stream';

/** Enough of a WebSocket client (RFC 6455) to talk to Jupyter: Node 20 has none without a flag. Whole text frames only. */
export interface TextSocket {
  send(text: string): void;
  close(): void;
}

export async function openTextSocket(
  url: string,
  onText: (text: string) => void,
): Promise<TextSocket> {
  const stream = await upgrade(url);
  let buffered = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = readFrame(buffered); frame; frame = readFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode === 1) onText(frame.payload.toString());
    }
  });
  return {
    send: (text) => stream.write(maskedFrame(Buffer.from(text))),
    close: () => stream.destroy(),
  };
}

function upgrade(url: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    };
    const asked = request(url, { headers });
    asked.once('upgrade', (_, socket) => resolve(socket));
    asked.once('response', (refused) => reject(new Error(`refused: ${refused.statusCode}`)));
    asked.once('error', reject);
    asked.end();
  });
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 10 && bytes.length < 2 + (bytes[1] ?? 0)) return undefined;
  const short = bytes[1]! & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  const size =
    short === 127
      ? Number(bytes.readBigUInt64BE(2))
      : short === 126
        ? bytes.readUInt16BE(2)
        : short;
  if (bytes.length < start + size) return undefined;
  const length = start + size;
  return { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(start, length), length };
}

/** A client must mask what it sends; a mask of zeros changes nothing. */
function maskedFrame(payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head[0] = 0x81;
  head[1] = 0x80 | 126;
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}
