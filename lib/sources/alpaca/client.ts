import { Alpaca, type AlpacaClientOptions, errors } from '@alpacahq/alpaca-trade-api/rest';
import { isLabError, LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { type Failure, type RetryOptions, withRetries } from '../pull-retry.ts';
import type { AlpacaKeys } from './keys.ts';

export interface AlpacaOptions {
  readonly keys: AlpacaKeys;
  readonly signal: AbortSignal;
  /** Server to ask in place of Alpaca's own: scheme, host and port. */
  readonly baseUrl?: string | undefined;
  readonly onRetry?: RetryOptions['onRetry'];
  readonly firstDelay?: Millis | undefined;
  readonly deadline?: Millis | undefined;
}

/** Alpaca's data behind one rate limit; every call goes through `ask`, which waits and tries again. */
export interface OpenAlpaca {
  ask<T>(what: string, request: (alpaca: Alpaca) => Promise<T>): Promise<T>;
  /** What its clock showed in the latest answer; NaN before the first. */
  readonly now: Millis;
}

const DEADLINE: Millis = 60_000;

/** Opens the account's data; nothing is asked yet. */
export function openAlpaca(options: AlpacaOptions): OpenAlpaca {
  const { keys, signal, baseUrl, deadline = DEADLINE } = options;
  let now = Number.NaN;
  const fetchApi = (async (input: string | URL, init?: RequestInit) => {
    const asked = new URL(input);
    const url = baseUrl === undefined ? asked : new URL(asked.pathname + asked.search, baseUrl);
    const signals = init?.signal ? [init.signal, signal] : [signal];
    const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    const date = Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(date)) now = date;
    return response;
  }) as NonNullable<AlpacaClientOptions['fetchApi']>;
  const alpaca = new Alpaca({
    ...keys,
    // Keys of live accounts begin so; it is only the calendar that is asked of the trading host.
    paper: !keys.keyId.startsWith('AK'),
    retry: false,
    timeoutMs: deadline,
    fetchApi,
  });
  return {
    ask: (what, request) =>
      withRetries(`alpaca: ${what}`, () => request(alpaca), {
        ...options,
        deadline,
        judge: judgeFailure,
      }),
    get now() {
      return now;
    },
  };
}

/** An answer that cannot be right. The same request may be answered better. */
export class TornAnswer extends Error {}

function judgeFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || isLabError(error)) return undefined;
  if (error instanceof errors.ApiError) return judgeStatus(error);
  // Cut JSON, or a page of HTML where JSON was due; a body that breaks off; no answer at all.
  const passing =
    error instanceof TornAnswer ||
    error instanceof SyntaxError ||
    error instanceof errors.FetchError ||
    (error instanceof TypeError && error.cause !== undefined);
  if (!passing) return undefined;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return { message: shorten(`${error.message}${cause}`), passing };
}

function judgeStatus({ status, message, retryAfterMs }: errors.ApiError): Failure {
  if (status === 401) {
    return {
      message: 'the keys are refused (401); check them, and whether they are of this account',
      passing: false,
    };
  }
  const passing = status === 429 || status >= 500;
  return { message: shorten(`${status} ${message}`), passing, retryAfter: retryAfterMs };
}

const shorten = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/** Alpaca's name of a share, such as AAPL or BRK.B. @throws LabError `usage` for anything else */
export function shareSymbol(symbol: string): string {
  if (/^[A-Z][A-Z.]{0,9}$/.test(symbol)) return symbol;
  throw new LabError(
    'usage',
    `Alpaca's history is of US shares, such as AAPL or BRK.B; found "${symbol}"; crypto comes from exchanges, such as binance or coinbase`,
  );
}
