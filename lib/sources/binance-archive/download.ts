import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { isLabError, LabError } from '../../core/errors.ts';
import type { Millis } from '../../core/time.ts';
import { type Failure, type RetryOptions, retryAfterMillis, withRetries } from '../pull-retry.ts';

export interface DownloadOptions extends Pick<RetryOptions, 'signal' | 'onRetry' | 'firstDelay'> {
  readonly baseUrl: string;
  /** Folder for files on their way; what is half there is gone on with. */
  readonly scratch: string;
  /** A download that brings nothing for so long is begun again. */
  readonly idle?: Millis | undefined;
}

const IDLE: Millis = 30_000;
/** Large files take hours; only silence ends a download. */
const NO_DEADLINE: Millis = 2 ** 31 - 1;

/**
 * Downloads a file of the archive and holds it against its checksum.
 *
 * @returns where it lies, for the caller to remove; undefined when the archive has no such file
 * @throws LabError `io` when the network fails for long; `data` when the checksum is wrong twice
 */
export async function download(
  path: string,
  options: DownloadOptions,
): Promise<string | undefined> {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/${path}`;
  const name = basename(path);
  const ask = <T>(what: string, request: () => Promise<T>) =>
    withRetries(what, request, { ...options, judge: judgeFailure, deadline: NO_DEADLINE });

  const checksum = await ask(`${name}.CHECKSUM`, () => fetchChecksum(`${url}.CHECKSUM`, options));
  if (checksum === undefined) return undefined;
  await mkdir(options.scratch, { recursive: true });
  // The checksum in the name keeps the halves of two versions of a file apart.
  const file = join(options.scratch, `${checksum.slice(0, 16)}-${name}`);
  for (let attempt = 1; attempt <= 2; attempt++) {
    if (!(await ask(name, () => fetchRest(url, file, options)))) return undefined;
    if ((await sha256(file)) === checksum) return file;
    await rm(file, { force: true });
  }
  throw new LabError(
    'data',
    `${url} does not have the SHA-256 ${checksum} that its CHECKSUM file names, in two downloads; try again later, or use another --base-url`,
  );
}

/** The first word of a CHECKSUM file; undefined when there is none. */
async function fetchChecksum(url: string, options: DownloadOptions): Promise<string | undefined> {
  const text = await withIdle(options, async (signal) => {
    const response = await fetch(url, { signal });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new HttpError(response);
    return response.text();
  });
  const [checksum = ''] = text?.trim().split(/\s+/) ?? [];
  if (text === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/i.test(checksum)) {
    throw new TornFile(`${url} is "${text.slice(0, 40)}", expected a SHA-256 and a file name`);
  }
  return checksum.toLowerCase();
}

/** Fetches what of a file is not on disk yet. False when the archive has no such file. */
async function fetchRest(url: string, file: string, options: DownloadOptions): Promise<boolean> {
  const have = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  return withIdle(options, async (signal, alive) => {
    const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
    const response = await fetch(url, { signal, headers });
    if (response.status === 404) return false;
    // Nothing is left to fetch: the last attempt had it all.
    if (response.status === 416) return true;
    if (!response.ok || response.body === null) throw new HttpError(response);
    // Each piece is on disk before the next is asked for, so that a cut keeps all that came before it.
    const target = await open(file, response.status === 206 ? 'a' : 'w');
    try {
      for await (const piece of response.body as ReadableStream<Uint8Array>) {
        alive();
        await target.writeFile(piece);
      }
    } finally {
      await target.close();
    }
    return true;
  });
}

/** Ends a request that is interrupted, or that has been silent for too long. */
async function withIdle<T>(
  { signal, idle = IDLE }: DownloadOptions,
  request: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const silent = new AbortController();
  const giveUp = () => silent.abort(new TornFile(`nothing came for ${idle / 1000} s`));
  let timer = setTimeout(giveUp, idle);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, idle);
  };
  try {
    return await request(AbortSignal.any([signal, silent.signal]), alive);
  } catch (error) {
    throw silent.signal.aborted ? silent.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** An answer that cannot be right; the same request may be answered better. */
class TornFile extends Error {}

class HttpError extends Error {
  readonly status: number;
  readonly retryAfter: Millis | undefined;

  constructor({ status, statusText, url, headers }: Response) {
    super(`${url} answers ${status} ${statusText}`);
    this.status = status;
    this.retryAfter = retryAfterMillis(headers.get('retry-after') ?? undefined, Date.now());
  }
}

function judgeFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || isLabError(error)) return undefined;
  if (error instanceof HttpError) {
    const { status, retryAfter } = error;
    const passing = status >= 500 || status === 429 || status === 418 || status === 408;
    return { message: error.message, passing, retryAfter };
  }
  const { cause } = error;
  const message = cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
  // What the disk refuses will be refused again; what the network refuses may pass.
  if ('code' in error && /^(ENOSPC|EACCES|EROFS|EDQUOT)$/.test(String(error.code)))
    return undefined;
  return { message, passing: true };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
