import { LabError } from '../../core/errors.ts';
import { SECOND } from '../../core/time.ts';
import { type Failure, type RetryOptions, retryAfterMillis, withRetries } from '../pull-retry.ts';

const LARGEST = 10 * 1024 * 1024;

/**
 * A page of text from any http or https address, in no more than 10 MB and 30 seconds an attempt.
 *
 * @throws LabError `usage` for another kind of address; `data` when it is too large or refused; `io` when it fails on
 */
export async function fetchText(
  address: string,
  options: Pick<RetryOptions, 'signal' | 'onRetry' | 'firstDelay' | 'deadline'>,
): Promise<string> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new LabError('usage', `"${address}" is no address; write one that begins with https://`);
  }
  const { deadline = 30 * SECOND, signal } = options;
  const request = async (): Promise<string> => {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadline)]),
      headers: {
        accept: 'application/rss+xml, application/atom+xml, application/xml, text/xml, */*',
      },
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Refused(response.status, response.headers.get('retry-after') ?? undefined);
    }
    return readWhole(response, address);
  };
  return withRetries(address, request, { ...options, deadline: deadline + SECOND, judge });
}

class Refused extends Error {
  readonly status: number;
  readonly retryAfter: string | undefined;

  constructor(status: number, retryAfter: string | undefined) {
    super(`the server answers ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function readWhole(response: Response, address: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > LARGEST) {
      throw new LabError(
        'data',
        `${address} is larger than ${LARGEST / 1024 ** 2} MB; that is no feed`,
      );
    }
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const declared = /^[^>]*encoding=["']([\w-]+)["']/.exec(bytes.toString('latin1', 0, 200))?.[1];
  const charset = /charset=["']?([\w-]+)/i.exec(response.headers.get('content-type') ?? '')?.[1];
  try {
    return new TextDecoder(charset ?? declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function judge(error: unknown): Failure | undefined {
  if (error instanceof Refused) {
    const passing = error.status === 429 || error.status === 408 || error.status >= 500;
    return {
      message: error.message,
      passing,
      retryAfter: retryAfterMillis(error.retryAfter, Date.now()),
    };
  }
  if (error instanceof LabError || !(error instanceof Error)) return undefined;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return { message: `${error.message}${cause}`, passing: true };
}
