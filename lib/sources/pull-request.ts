import type { Millis } from '../core/time.ts';
import type { Store } from '../store/store.ts';
import type { PullProgress, PullSummary } from './pull.ts';
import type { RetryOptions } from './pull-retry.ts';
import type { BatchScorer } from './sentiment/batch-scorer.ts';

export const PULL_KINDS = [
  'bars',
  'trades',
  'prints',
  'quotes',
  'funding',
  'book',
  'depth',
  'rules',
  'actions',
  'calendar',
  'news',
] as const;
export type PullKind = (typeof PULL_KINDS)[number];

/** What somebody wants from a source outside. */
export interface PullRequest {
  readonly source: string;
  readonly symbol: string;
  readonly kind: PullKind;
  /** Length of bars; empty for other kinds. */
  readonly timeframe: string;
  readonly from: Millis;
  /** Infinity for all there is. */
  readonly to: Millis;
  /** Where prices of shares come from; all exchanges when absent. */
  readonly feed?: 'sip' | 'iex' | undefined;
  /** Whom the news of a feed may be about, as `parseAliases` reads it. */
  readonly symbols?: string | undefined;
  /** What scores news; the lexicon when absent. */
  readonly score?: BatchScorer | undefined;
  /** Server to ask in place of the source's own. */
  readonly baseUrl?: string | undefined;
}

/** How whoever asked follows a pull, and stops it. */
export interface PullHooks {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  readonly onRetry?: RetryOptions['onRetry'];
  /** Something worth knowing that is no error, such as a day that the source lacks. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/** A source of history: fills what the store lacks of what is asked for. */
export type PullFrom = (
  store: Store,
  request: PullRequest,
  hooks: PullHooks,
) => Promise<PullSummary>;
