import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** The Jupyter wire protocol: https://jupyter-client.readthedocs.io/en/stable/messaging.html */
export const PROTOCOL_VERSION = '5.3';

export interface MessageHeader {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export type Content = Record<string, unknown>;

export interface Message {
  /** Routing frames of ZeroMQ, to be returned with a reply. */
  readonly identity: readonly Buffer[];
  readonly header: MessageHeader;
  /** Header of the request this belongs to; empty in a request. */
  readonly parent: Partial<MessageHeader>;
  /** What a front end says beside the content, such as which cell a request comes from. */
  readonly metadata: Content;
  readonly content: Content;
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/** A request that starts a conversation. */
export function createRequest(session: string, type: string, content: Content): Message {
  return { identity: [], header: createHeader(session, type), parent: {}, metadata: {}, content };
}

/** A message that answers `request`, on any channel. */
export function createReply(request: Message, type: string, content: Content): Message {
  return {
    identity: request.identity,
    header: createHeader(request.header.session, type),
    parent: request.header,
    metadata: {},
    content,
  };
}

function createHeader(session: string, type: string): MessageHeader {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'lab',
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

/** Frames of a message, signed with the key of the connection file. */
export function encodeMessage(key: string, message: Message): (Buffer | string)[] {
  const body = [message.header, message.parent, message.metadata, message.content].map((part) =>
    JSON.stringify(part),
  );
  return [...message.identity, DELIMITER, sign(key, body), ...body];
}

/**
 * Reads and verifies the frames of a message.
 *
 * @throws Error when the delimiter is missing or the signature is not ours
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const [signature, ...body] = frames.slice(start + 1);
  if (start < 0 || signature === undefined || body.length < 4) {
    throw new Error(`Jupyter message of ${frames.length} frames has no delimiter and four parts`);
  }
  const expected = Buffer.from(sign(key, body));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error('Jupyter message is signed with another key');
  }
  const [header, parent, metadata, content] = body.map(
    (part) => JSON.parse(part.toString()) as Content,
  );
  return {
    identity: frames.slice(0, start),
    header: header as unknown as MessageHeader,
    parent: parent as Partial<MessageHeader>,
    metadata: metadata as Content,
    content: content as Content,
  };
}

function sign(key: string, body: readonly (Buffer | string)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of body) hmac.update(part);
  return hmac.digest('hex');
}
