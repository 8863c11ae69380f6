import { isLabError } from '../core/errors.ts';
import type { Millis } from '../core/time.ts';
import { missingSpans, type Span, spansLength, unionSpans } from '../market/spans.ts';
import type { PullCoverage } from '../store/pull-coverage.ts';

/** Rows of a source, and how far it has come with them: every row before `done` has now been given, none after it. */
export interface Page<Rows> {
  readonly rows: Rows;
  readonly done: Millis;
  /** False when the source lacks this stretch, and should be asked again another day. */
  readonly complete?: boolean;
}

/** Where rows come from: the pages of a span, ascending in time. */
export type PageSource<Rows> = (span: Span) => AsyncIterable<Page<Rows>>;

/** Where rows go. */
export interface PullSink<Rows> {
  count(rows: Rows): number;
  /** Stores pages in order; the same again changes nothing. Returns how many files it replaced. */
  store(pages: readonly Rows[]): Promise<number>;
}

export interface PullProgress {
  readonly rows: number;
  /** Of the time that was missing, how much is done, and all of it. */
  readonly done: Millis;
  readonly total: Millis;
}

export interface PullOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** Rows held in memory before they are stored. */
  readonly batchRows?: number | undefined;
}

export interface PullSummary {
  /** Rows that came from the venue; 0 when everything was there already. */
  readonly rows: number;
  /** Files of the store that were replaced. */
  readonly written: number;
  /** What had been missing before. */
  readonly missing: readonly Span[];
  /** True when it was asked to stop: what came is stored, and the same pull goes on from there. */
  readonly interrupted: boolean;
}

/**
 * Fills what is missing of `wanted`, and nothing else. Rows are stored in batches as they come, each before the note
 * that they were asked for; an error or an interruption keeps what came before it.
 *
 * @param present what the store holds, beside what the coverage says was asked for
 */
export async function pull<Rows>(
  wanted: Span,
  present: readonly Span[],
  coverage: PullCoverage,
  source: PageSource<Rows>,
  sink: PullSink<Rows>,
  options: PullOptions = {},
): Promise<PullSummary> {
  const { signal, onProgress, batchRows = 50_000 } = options;
  const missing = missingSpans(wanted, unionSpans([...coverage.spans, ...present]));
  const total = spansLength(missing);
  let rows = 0;
  let written = 0;
  let done = 0;
  let interrupted = false;

  const fill = async (span: Span): Promise<void> => {
    let batch: Rows[] = [];
    let held = 0;
    let from = span.from;
    let at = span.from;
    const flush = async () => {
      if (held > 0) written += await sink.store(batch);
      await coverage.add({ from, to: at });
      batch = [];
      held = 0;
      from = at;
    };
    try {
      for await (const page of source(span)) {
        const count = sink.count(page.rows);
        if (count > 0) batch.push(page.rows);
        held += count;
        rows += count;
        const end = Math.min(page.done, span.to);
        done += end - at;
        if (page.complete === false) {
          await flush();
          from = end;
        }
        at = end;
        onProgress?.({ rows, done, total });
        if (signal?.aborted) break;
        if (held >= batchRows) await flush();
      }
    } finally {
      await flush();
    }
  };

  try {
    for (const span of missing) {
      if (signal?.aborted) break;
      await fill(span);
    }
  } catch (error) {
    if (!(isLabError(error) && error.code === 'interrupted')) throw error;
    interrupted = true;
  }
  return { rows, written, missing, interrupted: interrupted || signal?.aborted === true };
}
