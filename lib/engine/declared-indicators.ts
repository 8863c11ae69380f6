import { assert } from '../core/assert.ts';
import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';
import type { BarSpec, ValueSpec } from '../indicators/indicator.ts';
import type { BarChunk } from '../market/bar.ts';
import { CHUNK_ROWS } from '../market/feed.ts';
import type { InstrumentIndex } from '../market/instrument.ts';
import type { SliceChunk } from '../market/slice.ts';
import { timeframeMillis } from '../market/timeframe.ts';
import { BarView } from './bar-view.ts';
import { HigherBars } from './higher-bars.ts';
import { IndicatorNode, type NodeSource } from './indicator-node.ts';
import { type Declared, Line, OtherLine } from './line.ts';

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

/** In place of an instrument: the strategy trades all of them. */
const ALL = -1;

/** What the `create` of a portfolio strategy receives beside its parameters: the inputs of every symbol of the run. */
export interface UniverseInputs {
  /** In the order of the run. */
  readonly symbols: readonly string[];
  /**
   * One instrument of the run, as of its last bar that is known. Of two bars that close at one moment the one whose
   * instrument stands earlier in the run comes first: the later one sees it, it sees the later one's bar before. Once a
   * slice is handed out all bars of its moment are known.
   */
  of(symbol: string): Inputs;
  /** The same declaration for each symbol: `each((symbol, { close }) => close(sma(10)))`. */
  each<T>(declare: (symbol: string, inputs: Inputs) => T): ReadonlyMap<string, T>;
}

/** What a strategy's `create` receives beside its parameters. Each function of a series declares one indicator. */
export interface Inputs extends SeriesInputs, UniverseInputs {
  /** The same instrument on a higher timeframe; a value changes only when such a bar has closed. */
  bars(timeframe: string): SeriesInputs;
}

/**
 * The indicators of one run, or of a whole batch of sweep configs that run over the same chunks: equal declarations
 * share one column. `compute` runs every recurrence over a chunk; the engine then only moves a cursor.
 */
export class DeclaredIndicators {
  /** The bar of each instrument. Shared by every engine over these chunks, which take turns. */
  readonly views: readonly BarView[];
  /** Where they mark equity, row by row of a chunk, until their recorders have taken what they keep. */
  readonly marks: Float64Array;
  readonly #nodes = new Map<string, IndicatorNode>();
  readonly #higher = new Map<string, HigherBars>();
  /** The same by instrument, each after what it is declared on. */
  readonly #nodesOf: readonly IndicatorNode[][];
  readonly #higherOf: readonly HigherBars[][];
  readonly instruments: InstrumentIndex;
  readonly #timeframe: string;
  readonly #symbols: readonly string[];
  readonly #between: boolean;
  readonly #rows: number;
  #now = Number.NEGATIVE_INFINITY;

  /**
   * @param between strategies also read them between two bars, when the next chunk may have begun already
   * @param rows    the most a chunk has
   */
  constructor(instruments: InstrumentIndex, timeframe: string, between = false, rows = CHUNK_ROWS) {
    this.#rows = rows;
    this.marks = new Float64Array(rows);
    this.instruments = instruments;
    this.#between = between;
    this.#timeframe = timeframe;
    const { size } = instruments;
    this.#symbols = Array.from({ length: size }, (_, k) => instruments.at(k).symbol);
    this.views = Array.from({ length: size }, () => new BarView());
    this.#nodesOf = Array.from({ length: size }, () => []);
    this.#higherOf = Array.from({ length: size }, () => []);
  }

  /**
   * The inputs handed to one strategy, trading `instrument`.
   *
   * @param declared receives every node this strategy declares, from which its warm-up follows
   */
  inputs(instrument: number, declared: Set<IndicatorNode>): Inputs {
    return this.#inputs(instrument, instrument, declared);
  }

  /** The inputs handed to the one strategy of a run that trades all its instruments; as a series, the first one. */
  universe(declared: Set<IndicatorNode>): Inputs {
    return this.#inputs(0, ALL, declared);
  }

  /** @param owner the instrument of the strategy that reads them, or ALL */
  #inputs(instrument: number, owner: number, declared: Set<IndicatorNode>): Inputs {
    const series = (at: number, higher: HigherBars | null): SeriesInputs => {
      const on =
        (field: 'open' | 'high' | 'low' | 'close' | 'volume') =>
        <Name extends string>(spec: ValueSpec<Name>) =>
          this.#declare(spec, { instrument: at, higher, field, parent: null }, owner, declared);
      return {
        open: on('open'),
        high: on('high'),
        low: on('low'),
        close: on('close'),
        volume: on('volume'),
        bar: (spec) =>
          this.#declare(
            spec,
            { instrument: at, higher, field: 'bar', parent: null },
            owner,
            declared,
          ),
      };
    };
    const of = (symbol: string) => this.#inputs(this.instruments.indexOf(symbol), owner, declared);
    return {
      ...series(instrument, null),
      bars: (timeframe) => series(instrument, this.#higherBars(instrument, timeframe)),
      symbols: this.#symbols,
      of,
      each: (declare) =>
        new Map(this.#symbols.map((symbol) => [symbol, declare(symbol, of(symbol))])),
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

  /**
   * Time never goes back: not inside a chunk, and not from one to the next. Each row is held against the one before it
   * in the column: a number carried from row to row through a field would be allocated at each.
   */
  #advance({ columns: { closeTs }, from, to }: BarChunk): void {
    if (from >= to) return;
    // Two bars of different instruments may close at one time, and so may the seam of their chunks.
    if (!(closeTs[from]! >= this.#now)) refuseOrder(closeTs[from]!, this.#now);
    const wrong = firstNotAfter(closeTs, from, to);
    if (wrong < to) refuseOrder(closeTs[wrong]!, closeTs[wrong - 1]!);
    this.#now = closeTs[to - 1]!;
  }

  /** Runs every recurrence over the chunk and points the instrument's bar at it. */
  compute(chunk: BarChunk): void {
    assert(chunk.to - chunk.from <= this.#rows, `a chunk has at most ${this.#rows} rows`);
    this.#advance(chunk);
    this.#read(chunk);
  }

  /** The same for the bars of many instruments. */
  computeSlice({ closeTs, parts }: SliceChunk): void {
    assert(closeTs.length <= this.#rows, `a slice has at most ${this.#rows} rows`);
    for (let row = 0; row < closeTs.length; row++) {
      if (!(closeTs[row]! > this.#now)) refuseOrder(closeTs[row]!, this.#now);
      this.#now = closeTs[row]!;
    }
    for (const part of parts) if (part.from < part.to) this.#read(part);
  }

  #read(chunk: BarChunk): void {
    const { instrument } = chunk;
    this.views[instrument]!.attach(chunk);
    for (const higher of this.#higherOf[instrument]!) higher.read(chunk);
    for (const node of this.#nodesOf[instrument]!) node.compute(chunk);
  }

  #declare<Name extends string>(
    spec: ValueSpec<Name> | BarSpec<Name>,
    source: NodeSource,
    owner: number,
    declared: Set<IndicatorNode>,
  ): Declared<Name> {
    const { instrument, higher, field, parent } = source;
    checkInput(spec, parent === null ? field : 'pipe');
    const origin = parent
      ? `${parent.node.key}.${parent.line}`
      : `${instrument}/${higher?.timeframe ?? ''}/${field}`;
    const key = `${origin}>${spec.name}(${spec.args.join()})`;
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = new IndicatorNode(key, spec, source, this.#rows);
      this.#nodes.set(key, node);
      this.#nodesOf[instrument]!.push(node);
    }
    declared.add(node);
    const view = this.views[instrument]!;
    const { before } = node;
    const lines = node.columns.map((column, line) => {
      const pipe: Line['pipe'] = (child) =>
        this.#declare(child, { ...source, parent: { node, line } }, owner, declared);
      return instrument === owner && !this.#between
        ? new Line(column, view, pipe)
        : new OtherLine(column, view, pipe, before, line);
    });
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
      higher = new HigherBars(instrument, timeframe, this.#rows);
      this.#higher.set(key, higher);
      this.#higherOf[instrument]!.push(higher);
    }
    return higher;
  }
}

/** The first row of (from, to) that does not close after the one before it; `to` where all do. */
function firstNotAfter(closeTs: Float64Array, from: number, to: number): number {
  let row = from + 1;
  while (row < to && closeTs[row]! > closeTs[row - 1]!) row++;
  return row;
}

/** Types are not checked when a strategy runs, and an indicator of the other kind would never have a value. */
function checkInput(spec: ValueSpec<string> | BarSpec<string>, on: string): void {
  const { input, name, args } = spec ?? {};
  if (input !== 'value' && input !== 'bar') {
    throw new LabError('params', `${on}(…) was given no indicator; give one such as sma(20)`);
  }
  if ((input === 'bar') === (on === 'bar')) return;
  const reads = input === 'bar' ? 'whole bars' : 'values';
  const ways =
    input === 'bar' ? 'bar(…)' : 'close(…), another field of the bar, or a line with pipe';
  throw new LabError(
    'params',
    `${name}(${args.join(', ')}) reads ${reads}, and was declared with ${on}(…); declare it with ${ways}`,
  );
}

function refuseOrder(ts: number, before: number): never {
  throw new LabError(
    'data',
    `a bar closes at ${isoTime(ts)}, not after the one before it at ${isoTime(before)}; sort the bars by time`,
  );
}
