import { LabError } from '../core/errors.ts';
import type { CalendarName } from './calendar.ts';

/** What is traded, and the venue's rules for its orders. Absent rules are 0: no rounding, no minimum. */
export interface Instrument {
  readonly symbol: string;
  readonly venue: string;
  readonly calendar: CalendarName;
  /** Currency of prices and of the account. */
  readonly quote: string;
  /** Smallest price step; 0 when unknown. */
  readonly tickSize: number;
  /** Smallest quantity step; 0 when any quantity is allowed. */
  readonly lotSize: number;
  /** Smallest order value in quote currency; 0 when there is none. */
  readonly minNotional: number;
  /** True when the prices were made up by a generator. Shown wherever the data is shown. */
  readonly synthetic: boolean;
}

export function defineInstrument(
  known: Pick<Instrument, 'symbol' | 'venue'> & Partial<Instrument>,
): Instrument {
  return {
    calendar: '24/7',
    quote: 'USD',
    tickSize: 0,
    lotSize: 0,
    minNotional: 0,
    synthetic: false,
    ...known,
  };
}

/**
 * Symbols to dense integers for one run, in feed order. Hot state is an array indexed by it; symbols appear only at
 * the edges.
 */
export class InstrumentIndex {
  readonly #instruments: readonly Instrument[];
  readonly #bySymbol: ReadonlyMap<string, number>;

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
    this.#bySymbol = new Map(instruments.map((instrument, index) => [instrument.symbol, index]));
  }

  get size(): number {
    return this.#instruments.length;
  }

  at(index: number): Instrument {
    return this.#instruments[index]!;
  }

  /** @throws LabError `data` when the run has no such symbol */
  indexOf(symbol: string): number {
    const index = this.#bySymbol.get(symbol);
    if (index === undefined) {
      throw new LabError(
        'data',
        `symbol ${symbol} is not in this run; it has ${[...this.#bySymbol.keys()].join(', ')}`,
      );
    }
    return index;
  }
}
