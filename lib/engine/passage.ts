import type { Millis } from '../core/time.ts';
import type { NewsColumns } from '../market/news.ts';
import type { Broker } from '../trading/broker.ts';
import type { Portfolio } from '../trading/portfolio.ts';
import type { Cast } from './cast.ts';
import type { Context } from './context.ts';
import type { DeclaredIndicators } from './declared-indicators.ts';
import type { Recorder } from './recorder.ts';
import type { RiskDesk } from './risk-desk.ts';

/** What of an engine bars pass through. */
export interface Passage {
  readonly indicators: DeclaredIndicators;
  readonly cast: Cast;
  readonly contexts: readonly Context[];
  readonly portfolio: Portfolio;
  readonly recorder: Recorder;
  readonly broker: Broker;
  readonly risk: RiskDesk;
  readonly startTs: Millis;
  /** Null where no strategy hears it. */
  readonly news: NewsColumns | null;
  /** A watch has brought trading to another state. */
  enter(): void;
}
