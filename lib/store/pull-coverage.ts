import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import { type Span, unionSpans } from '../market/spans.ts';
import { readText, replaceText } from './durable-file.ts';
import { encodeName } from './layout.ts';
import { isUrl, under } from './location.ts';
import type { TableName } from './tables.ts';

/** What a pull fills: one kind of rows of one instrument; bars have a timeframe as well. */
export interface PullTarget {
  readonly venue: string;
  readonly symbol: string;
  readonly kind: 'bars' | TableName;
  readonly timeframe?: string;
}

const schema = z.array(z.tuple([z.iso.datetime(), z.iso.datetime()]));

/**
 * Which stretches of a series the venue was asked for and has answered in full, so that a minute without a row there is
 * one in which nothing traded, or the venue was down, and is not asked for again.
 *
 * Kept beside the store's rows and written after them: a pull that is killed between the two asks once more.
 */
export class PullCoverage {
  readonly #file: string;
  #spans: readonly Span[] = [];

  constructor(root: string, target: PullTarget) {
    const { venue, symbol, kind, timeframe } = target;
    const name = timeframe === undefined ? kind : `${kind}-${timeframe}`;
    this.#file = under(
      root,
      'pulled',
      `venue=${encodeName(venue)}`,
      `symbol=${encodeName(symbol)}`,
      `${encodeName(name)}.json`,
    );
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** @throws LabError `data` when the file is there and cannot be understood */
  async read(): Promise<void> {
    const text = (await readText(this.#file)) ?? '[]';
    try {
      const stored = schema.parse(JSON.parse(text));
      this.#spans = stored.map(([from, to]) => ({ from: Date.parse(from), to: Date.parse(to) }));
    } catch (cause) {
      throw new LabError(
        'data',
        `${this.#file} is damaged; delete it, and the next pull asks the venue again`,
        { cause },
      );
    }
  }

  /** Notes that `span`, in whole milliseconds, has been answered. */
  async add(span: Span): Promise<void> {
    const before = JSON.stringify(this.#spans);
    this.#spans = unionSpans([...this.#spans, span]);
    if (JSON.stringify(this.#spans) === before) return;
    const text = JSON.stringify(this.#spans.map(({ from, to }) => [isoTime(from), isoTime(to)]));
    await replaceText(this.#file, `${text}\n`);
  }

  /** Forgets everything: the rows it speaks of are gone. */
  async clear(): Promise<void> {
    this.#spans = [];
    if (!isUrl(this.#file)) await rm(this.#file, { force: true });
    else if ((await readText(this.#file)) !== undefined) await replaceText(this.#file, '[]');
  }
}
