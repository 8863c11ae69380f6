import type { ServerResponse } from 'node:http';

/** What a server of tests does wrong with one answer; `body` is what it would have said. */
export type Fault = (response: ServerResponse, body: string) => void;

const say =
  (status: number, headers: Record<string, string>, text: string): Fault =>
  (response) => {
    response.writeHead(status, headers).end(text);
  };

const JSON_TYPE = { 'content-type': 'application/json' };

export const faults = {
  tooMany: (retryAfter = '0') =>
    say(
      429,
      { ...JSON_TYPE, 'retry-after': retryAfter },
      '{"code":-1003,"msg":"Too much request weight used; current limit is 6000 request weight per 1 MINUTE."}',
    ),
  banned: (retryAfter = '0') =>
    say(
      418,
      { ...JSON_TYPE, 'retry-after': retryAfter },
      '{"code":-1003,"msg":"Way too much request weight used; IP banned until 1659146400000."}',
    ),
  unavailable: say(
    503,
    JSON_TYPE,
    '{"code":-1000,"msg":"Unknown error, please check your request or try again later."}',
  ),
  badGateway: say(
    502,
    { 'content-type': 'text/html' },
    '<html><body>502 Bad Gateway</body></html>',
  ),
  webPage: say(
    200,
    { 'content-type': 'text/html' },
    '<html><body>Please sign in to the network</body></html>',
  ),
  reset: ((response) => response.socket?.destroy()) as Fault,
  resetInBody: ((response, body) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': String(body.length) });
    response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
  }) as Fault,
  /** A whole HTTP answer whose JSON is cut. */
  truncated: ((response, body) => {
    response.writeHead(200, JSON_TYPE).end(body.slice(0, body.length - 20));
  }) as Fault,
  /** The head and half of the body, and then nothing. */
  stalled: ((response, body) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': String(body.length) });
    response.write(body.slice(0, body.length / 2));
  }) as Fault,
  /** The whole body, a few bytes at a time. */
  slow: ((response, body) => {
    response.writeHead(200, JSON_TYPE);
    const step = Math.ceil(body.length / 5);
    const send = (at: number): void => {
      if (at >= body.length) response.end();
      else response.write(body.slice(at, at + step), () => setImmediate(send, at + step));
    };
    send(0);
  }) as Fault,
} as const;
