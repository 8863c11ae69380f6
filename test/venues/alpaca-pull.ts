import { pullFromAlpaca } from '@streamscalp/lib/sources/alpaca/pull';
import type { PullSummary } from '@streamscalp/lib/sources/pull';
import type { PullHooks, PullRequest } from '@streamscalp/lib/sources/pull-request';
import type { Store } from '@streamscalp/lib/store/store';
import type { AlpacaServer } from './alpaca-server.ts';

export interface AlpacaPull {
  readonly summary: PullSummary;
  readonly notes: readonly string[];
}

/** Pulls AAPL from a server of tests: minute bars from a moment on, unless the request says otherwise. */
export async function pullAlpaca(
  store: Store,
  server: AlpacaServer,
  request: Partial<PullRequest> & Pick<PullRequest, 'from'>,
  signal: PullHooks['signal'] = new AbortController().signal,
): Promise<AlpacaPull> {
  const wanted: PullRequest = {
    source: 'alpaca',
    symbol: 'AAPL',
    kind: 'bars',
    timeframe: request.kind === undefined ? '1m' : '',
    to: Number.POSITIVE_INFINITY,
    baseUrl: server.url,
    ...request,
  };
  const notes: string[] = [];
  const hooks = { signal, onNote: (note: string) => notes.push(note), firstDelay: 1 };
  return { summary: await pullFromAlpaca(store, wanted, hooks), notes };
}
