import type { BarIndicator, BarSpec, ValueIndicator, ValueSpec } from '../indicators/indicator.ts';
import type { BarChunk } from '../market/bar.ts';
import type { HigherBars } from './higher-bars.ts';

/** Where a declared indicator gets its inputs. */
export interface NodeSource {
  readonly instrument: number;
  /** The higher timeframe it lives on; null for the run's own bars. */
  readonly higher: HigherBars | null;
  readonly field: 'open' | 'high' | 'low' | 'close' | 'volume' | 'bar';
  /** Another indicator's line, which then takes the place of the field. */
  readonly parent: { readonly node: IndicatorNode; readonly line: number } | null;
}

/** One declared indicator: its recurrence and the columns it fills a chunk at a time. */
export class IndicatorNode {
  readonly key: string;
  readonly spec: ValueSpec<string> | BarSpec<string>;
  readonly source: NodeSource;
  /** The lines by step of the chunk, which is what strategies read. */
  readonly columns: readonly Float64Array[];
  /** The lines at the last step before the chunk, for who reads them before its first one. */
  readonly before: Float64Array;
  /** The first step of the chunk at which it is warm, -1 when it was before; beyond the chunk while it is not. */
  warmStep = Number.POSITIVE_INFINITY;
  /** Inputs until it is warm, which begins to count when what it is declared on is warm. */
  private readonly warmup: number;
  /** The lines by own input; the same columns unless a higher timeframe has to be spread over the steps. */
  readonly #computed: readonly Float64Array[];
  #count = 0;
  #fed = 0;
  #steps = 0;
  readonly #last: Float64Array;
  readonly #values: ValueIndicator | null;
  readonly #bars: BarIndicator | null;

  /** @param rows the most a chunk has */
  constructor(
    key: string,
    spec: ValueSpec<string> | BarSpec<string>,
    source: NodeSource,
    rows: number,
  ) {
    this.key = key;
    this.spec = spec;
    this.source = source;
    this.warmup = spec.warmup + (source.parent ? source.parent.node.warmup - 1 : 0);
    const inputs = source.higher ? source.higher.visibleFrom.length : rows;
    this.#computed = spec.lines.map(() => new Float64Array(inputs));
    this.columns = source.higher ? spec.lines.map(() => new Float64Array(rows)) : this.#computed;
    this.#last = new Float64Array(spec.lines.length).fill(Number.NaN);
    this.before = this.#last.slice();
    this.#values = spec.input === 'value' ? spec.create() : null;
    this.#bars = spec.input === 'bar' ? spec.create() : null;
  }

  compute(chunk: BarChunk): void {
    const { higher, parent, field } = this.source;
    if (this.#steps > 0) {
      for (let i = 0; i < this.before.length; i++) {
        this.before[i] = this.columns[i]![this.#steps - 1]!;
      }
    }
    this.#steps = chunk.to - chunk.from;
    const columns = higher ? higher.columns : chunk.columns;
    const from = higher ? 0 : chunk.from;
    this.#count = higher ? higher.closed : chunk.to - chunk.from;
    if (this.#bars) this.#bars.batch(columns, from, this.#count, this.#computed);
    else if (parent) this.#feed(parent.node.#computed[parent.line]!, 0);
    else if (field !== 'bar') this.#feed(columns[field], from);
    this.#warm();
    if (higher) this.#spread(higher, chunk.to - chunk.from);
  }

  /** A parent is NaN until it has values; those inputs are passed over. */
  #feed(xs: Float64Array, from: number): void {
    const count = this.#count;
    let skipped = 0;
    while (skipped < count && Number.isNaN(xs[from + skipped]!)) skipped++;
    const lines =
      skipped === 0 ? this.#computed : this.#computed.map((line) => line.subarray(skipped));
    if (skipped > 0) for (const line of this.#computed) line.fill(Number.NaN, 0, skipped);
    this.#values!.batch(xs, from + skipped, count - skipped, lines);
  }

  #warm(): void {
    const { higher } = this.source;
    const missing = this.warmup - this.#fed;
    this.#fed += this.#count;
    if (missing <= 0) this.warmStep = -1;
    else if (missing <= this.#count) {
      const at = missing - 1;
      this.warmStep = higher ? higher.visibleFrom[at]! : at;
    }
  }

  /** Repeats each value of a higher timeframe until the next one is visible. */
  #spread(higher: HigherBars, steps: number): void {
    for (let line = 0; line < this.columns.length; line++) {
      const values = this.#computed[line]!;
      const column = this.columns[line]!;
      let last = this.#last[line]!;
      let next = 0;
      for (let step = 0; step < steps; step++) {
        while (next < this.#count && higher.visibleFrom[next]! <= step) last = values[next++]!;
        column[step] = last;
      }
      this.#last[line] = last;
    }
  }
}
