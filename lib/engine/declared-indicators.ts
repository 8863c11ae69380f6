import { assert } from '../core/assert.ts';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import type { BarSpec, ValueSpec } from '../indicators/indicator.ts';
import type { BarChunk } from '../market/bar.ts';
import { CHUNK_ROWS } from '../market/feed.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { BarView } from './bar-view.ts';
import { HigherBars } from './higher-bars.ts';
import { IndicatorNode, type NodeSource } from './indicator-node.ts';
import { type Declared, Line } from './line.ts';

/** The series of one instrument and timeframe that indicators can be declared on. */
export interface SeriesInputs {
  open<Name extends string>(spec: ValueSpec<Name>): Declared<Name>;
  high<Name extends string>(spec: ValueSpec<Name>): Declared<Name>;
  low<Name extends string>(spec: ValueSpec<Name>): Declared<Name>;
  close<Name extends string>(spec: ValueSpec<Name>): Declared<Name>;
  volume<Name extends string>(spec: ValueSpec<Name>): Declared<Name>;
  /** For indicators of the whole bar, such as atr. */
  bar<Name extends string>(spec: BarSpec<Name>): Declared<Name>;
}

/** What a strategy's `create` receives beside its parameters. Each function declares one indicator. */
export interface Inputs extends SeriesInputs {
  /** The same instrument on a higher timeframe; a value changes only when such a bar has closed. */
  bars(timeframe: string): SeriesInputs;
  /** Another instrument of the run. */
  of(symbol: string): Inputs;
}

/**
 * The indicators of one run, or of a whole batch of sweep configs that run over the same chunks: equal declarations
 * share one column. `compute` runs every recurrence over a chunk; the engine then only moves a cursor.
 */
export class DeclaredIndicators {
  /** The bar of each instrument. Shared by every engine over these chunks, which take turns. */
  readonly views: readonly BarView[];
  readonly #nodes = new Map<string, IndicatorNode>();
  readonly #higher = new Map<string, HigherBars>();
  readonly instruments: InstrumentIndex;
  readonly #timeframe: string;
  #now = Number.NEGATIVE_INFINITY;

  constructor(instruments: InstrumentIndex, timeframe: string) {
    this.instruments = instruments;
    this.#timeframe = timeframe;
    this.views = Array.from({ length: instruments.size }, () => new BarView());
  }

  /**
   * The inputs handed to one strategy, trading `instrument`.
   *
   * @param declared receives every node this strategy declares, from which its warm-up follows
   */
  inputs(instrument: number, declared: Set<IndicatorNode>): Inputs {
    const series = (at: number, higher: HigherBars | null): SeriesInputs => {
      const on =
        (field: 'open' | 'high' | 'low' | 'close' | 'volume') =>
        <Name extends string>(spec: ValueSpec<Name>) =>
          this.#declare(spec, { instrument: at, higher, field, parent: null }, declared);
      return {
        open: on('open'),
        high: on('high'),
        low: on('low'),
        close: on('close'),
        volume: on('volume'),
        bar: (spec) =>
          this.#declare(spec, { instrument: at, higher, field: 'bar', parent: null }, declared),
      };
    };
    return {
      ...series(instrument, null),
      bars: (timeframe) => series(instrument, this.#higherBars(instrument, timeframe)),
      of: (symbol) => this.inputs(this.instruments.indexOf(symbol), declared),
    };
  }

  /**
   * The step of an instrument's chunk from which every indicator of this set is warm; beyond the chunk while one is
   * not. One of another instrument became warm in a chunk of that one, all of which came before this chunk.
   */
  static warmStep(instrument: number, declared: Iterable<IndicatorNode>): number {
    let step = 0;
    for (const { source, warmStep } of declared) {
      if (source.instrument === instrument || warmStep === Number.POSITIVE_INFINITY) {
        step = Math.max(step, warmStep);
      }
    }
    return step;
  }

  /** Time never goes back: not inside a chunk, and not from one to the next. */
  #advance({ columns: { closeTs }, from, to }: BarChunk): void {
    for (let row = from; row < to; row++) {
      const ts = closeTs[row]!;
      if (!(row === from ? ts >= this.#now : ts > this.#now)) {
        throw new LabError(
          'data',
          `a bar closes at ${isoTime(ts)}, not after the one before it at ${isoTime(this.#now)}; sort the bars by time`,
        );
      }
      this.#now = ts;
    }
  }

  /** Runs every recurrence over the chunk and points the instrument's bar at it. */
  compute(chunk: BarChunk): void {
    assert(chunk.to - chunk.from <= CHUNK_ROWS, `a chunk has at most ${CHUNK_ROWS} rows`);
    this.#advance(chunk);
    this.views[chunk.instrument]!.attach(chunk);
    for (const higher of this.#higher.values()) {
      if (higher.instrument === chunk.instrument) higher.read(chunk);
    }
    for (const node of this.#nodes.values()) {
      if (node.source.instrument === chunk.instrument) node.compute(chunk);
    }
  }

  #declare<Name extends string>(
    spec: ValueSpec<Name> | BarSpec<Name>,
    source: NodeSource,
    declared: Set<IndicatorNode>,
  ): Declared<Name> {
    const { instrument, higher, field, parent } = source;
    const origin = parent
      ? `${parent.node.key}.${parent.line}`
      : `${instrument}/${higher?.timeframe ?? ''}/${field}`;
    const key = `${origin}>${spec.name}(${spec.args.join()})`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = new IndicatorNode(key, spec, source);
      this.#nodes.set(key, node);
    }
    declared.add(node);
    const lines = node.columns.map(
      (column, line) =>
        new Line(column, this.views[instrument]!, (child) =>
          this.#declare(child, { ...source, parent: { node, line } }, declared),
        ),
    );
    const named = Object.fromEntries(spec.lines.map((name, line) => [name, lines[line]!]));
    return (spec.lines.length === 1 ? lines[0] : named) as Declared<Name>;
  }

  #higherBars(instrument: number, timeframe: string): HigherBars {
    const length = timeframeMillis(timeframe);
    const base = timeframeMillis(this.#timeframe);
    if (length <= base || length % base !== 0) {
      throw new LabError(
        'params',
        `bars('${timeframe}') cannot be built from ${this.#timeframe} bars; ask for a multiple of ${this.#timeframe}`,
      );
    }
    const key = `${instrument}/${timeframe}`;
    let higher = this.#higher.get(key);
    if (higher === undefined) {
      higher = new HigherBars(instrument, timeframe);
      this.#higher.set(key, higher);
    }
    return higher;
  }
}
