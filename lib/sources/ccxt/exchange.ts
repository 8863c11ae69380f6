import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Exchange } from 'ccxt';
import { isLabError, LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { nearest } from '../../store/nearest.ts';
import { type Failure, type RetryOptions, retryAfterMillis, withRetries } from '../pull-retry.ts';

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** Server to ask in place of the venue's own, such as a mirror: scheme, host and port. */
  readonly baseUrl?: string | undefined;
  /** Told before each wait for another attempt. */
  readonly onRetry?: RetryOptions['onRetry'];
  /** First wait after a failure; it doubles. */
  readonly firstDelay?: Millis | undefined;
  readonly deadline?: Millis | undefined;
  /** With the venue's streams as well. */
  readonly streams?: boolean | undefined;
}

/** A venue's public data behind one rate limit; every call goes through `ask`, which waits and tries again. */
export interface OpenExchange {
  readonly ccxt: Exchange;
  ask<T>(what: string, request: (ccxt: Exchange) => Promise<T>): Promise<T>;
  /** Ends all streams at once. ccxt's own way waits for a farewell, which a dead peer never says. */
  dropStreams(): void;
  /** Reads an error of the exchange; undefined for what is none of its. */
  judge(error: unknown): Failure | undefined;
}

/**
 * Opens an exchange of ccxt by its name, such as `binance`. Only the code of that exchange is loaded: the whole package
 * takes a second and 90 MB more.
 *
 * @throws LabError `usage` when there is no such exchange; names the nearest
 */
export async function openExchange(name: string, options: ExchangeOptions): Promise<OpenExchange> {
  const ccxt = await createExchange(name, options.streams === true);
  if (options.baseUrl !== undefined) await redirect(ccxt, options.baseUrl);
  ccxt.onRestResponse = refuseTornJson;
  failStreamsThatCannotSend(ccxt);
  const judge = (error: unknown) => judgeFailure(error, ccxt);
  return {
    ccxt,
    judge,
    dropStreams() {
      for (const client of Object.values(ccxt.clients)) {
        // Whoever waits for it fails, the next one opens another, and the socket goes.
        client.onError(new Error('the stream was closed'));
        client.connection?.terminate();
      }
    },
    ask: (what, request) =>
      withRetries(`${name}: ${what}`, () => request(ccxt), { ...options, judge }),
  };
}

/** The package exports only its index, so its other files are named by where they lie. */
const sources = join(dirname(createRequire(import.meta.url).resolve('ccxt')), '..', 'js', 'src');

export function exchangeNames(): string[] {
  return readdirSync(sources)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort();
}

async function createExchange(name: string, streams: boolean): Promise<Exchange> {
  if (!exchangeNames().includes(name)) {
    throw new LabError(
      'usage',
      `there is no exchange "${name}"; nearest are ${nearest(name, exchangeNames()).join(', ')}`,
    );
  }
  const streaming = join(sources, 'pro', `${name}.js`);
  if (streams && !existsSync(streaming)) {
    throw new LabError(
      'usage',
      `${name} offers no streams; \`lab data pull ${name}\` fetches what it has`,
    );
  }
  const file = streams ? streaming : join(sources, `${name}.js`);
  const module: { default: new (config: object) => Exchange } = await import(
    pathToFileURL(file).href
  );
  return new module.default({
    enableRateLimit: true,
    timeout: 30_000,
    options: {
      fetchMargins: false,
      fetchCurrencies: false,
      // Whoever follows a stream waits between attempts; ccxt's own waits would come on top and pass for silence.
      ws: { backoff: { base: 0 } },
    },
  });
}

/**
 * Every address the exchange knows, also those nobody thought of, now leads to one server. Of a stream the venue's host
 * becomes the first part of the path, because ccxt tells spot from futures by it.
 */
async function redirect(ccxt: Exchange, baseUrl: string): Promise<void> {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new LabError(
      'usage',
      `"${baseUrl}" is not a server; write one such as http://127.0.0.1:8080`,
    );
  }
  const streams = `ws${base.protocol.slice('http'.length)}//${base.host}`;
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value
        .replace(/^https?:\/\/[^/]*/, base.origin)
        .replace(/^wss?:\/\/([^/:]*)(:\d+)?/, `${streams}/$1`);
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)]));
  };
  Object.assign(ccxt.urls, moved(ccxt.urls));
  // Without it ccxt refuses streams that are not encrypted.
  if (base.protocol === 'http:') await ccxt.loadHttpProxyAgent();
}

/** ccxt takes an answer that is no JSON for an empty one, and rows would be missing without a word. */
const refuseTornJson: Exchange['onRestResponse'] = (
  status,
  _text,
  _url,
  _method,
  _headers,
  body,
) => {
  const text = String(body).trim();
  if (status >= 200 && status < 300) {
    try {
      JSON.parse(text);
    } catch {
      const end = text.length > 40 ? `…${text.slice(-40)}` : text;
      throw new TornAnswer(`the answer is no whole JSON; it ends with "${end}"`);
    }
  }
  return text;
};

/**
 * ccxt forgets about a subscription that it could not send: its error would end this process, and the stream would stay
 * silent. Here the stream fails.
 */
function failStreamsThatCannotSend(ccxt: Exchange): void {
  const known = new WeakSet<object>();
  const clientOf = ccxt.client.bind(ccxt);
  ccxt.client = (url) => {
    const client = clientOf(url);
    if (known.has(client)) return client;
    known.add(client);
    const send = client.send.bind(client);
    client.send = (message: unknown) => {
      const sent: Promise<unknown> = send(message);
      sent.catch((error: unknown) => client.onError(error));
      return sent;
    };
    return client;
  };
}

/** An answer that cannot be right: cut, or with rows that are none. The same request may be answered better. */
export class TornAnswer extends Error {}

/** ccxt's classes of errors, by name: `OperationFailed` and all under it may pass, `ExchangeError` is an answer. */
function judgeFailure(error: unknown, ccxt: Exchange): Failure | undefined {
  if (error instanceof TornAnswer) return { message: error.message, passing: true };
  if (!(error instanceof Error) || isLabError(error)) return undefined;
  const kinds = ancestry(error);
  const message = shorten(error.message);
  // A reset inside a body comes as the transport's own error, past ccxt's classes.
  const code = 'code' in error ? String(error.code) : '';
  if (/^(UND_ERR|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/.test(code)) {
    return { message, passing: true };
  }
  if (!kinds.includes('BaseError')) return undefined;
  if (kinds.includes('DDoSProtection') || kinds.includes('RateLimitExceeded')) {
    const headers = new Map(
      Object.entries((ccxt.last_response_headers ?? {}) as Record<string, unknown>).map(
        ([key, value]) => [key.toLowerCase(), String(value)],
      ),
    );
    const retryAfter = retryAfterMillis(headers.get('retry-after'), Date.now());
    return { message, passing: true, retryAfter };
  }
  const passing = kinds.includes('OperationFailed') || kinds.includes('ExchangeClosedByUser');
  return { message, passing };
}

function ancestry(error: Error): string[] {
  const names: string[] = [];
  for (
    let at: unknown = error.constructor;
    typeof at === 'function';
    at = Object.getPrototypeOf(at)
  ) {
    names.push(at.name);
  }
  return names;
}

const shorten = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};
