import { homedir } from 'node:os';
import { LabError } from '../core/errors.ts';
import { firstLine } from './damage.ts';
import type { Duck } from './duckdb.ts';
import { globLiteral, onConnection, quote } from './parquet.ts';

/** How long a listing stands for the bucket; what this process writes is seen at once. */
const LISTING_MS = 1000;

/**
 * A store on an S3-compatible service, through DuckDB's httpfs: the same objects as there are files in a directory.
 *
 * An object appears whole or not at all, when its upload is completed: so a reader sees the partition before an import or
 * after it, and an upload that was killed leaves nothing. There is neither a rename nor a lock, so two imports of one
 * series at a time are not taken care of: of a partition that both write, the last one stands.
 */
export class ObjectStorage {
  readonly root: string;
  readonly #duck: Duck;
  #listed = Number.NEGATIVE_INFINITY;
  #keys: Promise<readonly string[]> = Promise.resolve([]);

  constructor(root: string, duck: Duck) {
    this.root = root;
    this.#duck = duck;
  }

  /** The names right under a prefix; none when there is nothing. */
  async names(directory: string): Promise<string[]> {
    const prefix = `${directory}/`;
    const names = new Set<string>();
    for (const key of await this.#list()) {
      if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('/', 1)[0]!);
    }
    return [...names];
  }

  /** The text of an object; undefined when there is none. */
  async readText(url: string): Promise<string | undefined> {
    if (!(await this.#list()).includes(url)) return undefined;
    const [row] = await this.#rows(`select content from read_text(${quote(globLiteral(url))})`);
    return String(row?.[0]);
  }

  /** Replaces the text of an object; it must hold no line break, and gets one at its end. */
  async writeText(url: string, text: string): Promise<void> {
    // A CSV of one cell, with nothing that could need quoting, is the text itself.
    await this.#rows(
      `copy (select ${quote(text.trim())}) to ${quote(url)} (format csv, header false, quote '', escape '', delimiter e'\\x01')`,
    );
    this.changed();
  }

  /** Forgets the listing, since an object was written. */
  changed(): void {
    this.#listed = Number.NEGATIVE_INFINITY;
  }

  #list(): Promise<readonly string[]> {
    if (performance.now() - this.#listed > LISTING_MS) {
      this.#listed = performance.now();
      const glob = quote(`${globLiteral(this.root)}/**`);
      this.#keys = this.#rows(`select file from glob(${glob})`).then((rows) =>
        rows.map(([file]) => String(file)),
      );
    }
    return this.#keys;
  }

  async #rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    try {
      return await onConnection(this.#duck, async (connection) =>
        (await connection.runAndReadAll(sql)).getRows(),
      );
    } catch (cause) {
      throw unreachable(this.root, cause);
    }
  }
}

const open = new Set<ObjectStorage>();

/**
 * Makes a bucket readable and writable by a DuckDB, with the keys of the environment.
 *
 * @throws LabError `usage` when httpfs is not there, or a key is missing; nothing is ever downloaded
 */
export async function openObjectStorage(root: string, duck: Duck): Promise<void> {
  await onConnection(duck, async (connection) => {
    const file = process.env.LAB_HTTPFS;
    try {
      await connection.run(`load ${file ? quote(file) : 'httpfs'}`);
    } catch (cause) {
      const [[version, platform] = []] = (
        await connection.runAndReadAll('select version(), platform from pragma_platform()')
      ).getRows();
      throw new LabError(
        'usage',
        `LAB_STORE is ${root}, which needs DuckDB's extension httpfs, ${version} for ${platform}, and ${file ? `LAB_HTTPFS, ${file},` : `${homedir()}/.duckdb/extensions/${version}/${platform}/`} has none that loads (${firstLine(cause)}); nothing is downloaded by itself: run \`LAB_STORE= npx lab data sql "install httpfs"\` once, or name its file by LAB_HTTPFS`,
        { cause },
      );
    }
    try {
      await connection.run(secretSql(root));
    } catch (cause) {
      // The reason may quote the statement, and with it the keys.
      if (cause instanceof LabError) throw cause;
      throw new LabError('usage', `DuckDB refuses the keys of the environment for ${root}`);
    }
  });
  open.add(new ObjectStorage(root, duck));
}

/** Lets go of what was opened with a DuckDB that is about to be closed. */
export function closeObjectStorage(root: string): void {
  const [last] = [...open].filter((storage) => storage.root === root).slice(-1);
  if (last) open.delete(last);
}

/** The open storage that holds a URL. */
export function storageOf(url: string): ObjectStorage {
  for (const storage of [...open].reverse()) {
    if (url === storage.root || url.startsWith(`${storage.root}/`)) return storage;
  }
  throw new LabError('usage', `${url} is in no store that is open`);
}

export function unreachable(url: string, cause: unknown): LabError {
  return new LabError(
    'io',
    `cannot use ${url}: ${firstLine(cause)}; look at the bucket, AWS_REGION, AWS_ENDPOINT_URL and the keys`,
    { cause },
  );
}

/** The keys and the service as AWS's own tools find them in the environment. */
function secretSql(root: string): string {
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN } = process.env;
  if (!key || !secret) {
    throw new LabError(
      'usage',
      `LAB_STORE is ${root}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_ENDPOINT_URL for a service other than AWS`,
    );
  }
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || 'us-east-1';
  const fields: Record<string, string> = { key_id: key, secret, region };
  if (AWS_SESSION_TOKEN) fields.session_token = AWS_SESSION_TOKEN;
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL;
  let ssl = true;
  if (endpoint) {
    if (!URL.canParse(endpoint)) {
      throw new LabError('usage', `AWS_ENDPOINT_URL is ${endpoint}; expected http(s)://HOST:PORT`);
    }
    const { protocol, host } = new URL(endpoint);
    ssl = protocol !== 'http:';
    fields.endpoint = host;
    fields.url_style = 'path';
  }
  const given = Object.entries(fields).map(([name, value]) => `${name} ${quote(value)}`);
  return `create or replace secret lab (type s3, ${given.join(', ')}, use_ssl ${ssl}, scope ${quote(root)})`;
}
