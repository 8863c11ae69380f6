import { LabError } from '../../../core/errors.ts';

/**
 * How an order's place in the queue of its level is estimated: a feed by price level does not say whose quantity left.
 * Plain data, so that a report can print it.
 */
export type QueueModel =
  | { readonly name: 'risk-averse' }
  | {
      readonly name: 'probability';
      /** f in f(behind) / (f(behind) + f(ahead)): x^n, or log(1 + x). */
      readonly shape: 'power' | 'log';
      readonly n: number;
    };

/** The models. */
export const queues = {
  /** Whoever leaves a level was behind us: only trades, and a level smaller than what was ahead, bring us forward. */
  riskAverse: { name: 'risk-averse' },
  /** f(x) = x: a cancellation falls behind us as often as its share of the queue is behind us. */
  proportional: { name: 'probability', shape: 'power', n: 1 },
  /** f(x) = x². */
  square: { name: 'probability', shape: 'power', n: 2 },
  /** f(x) = log(1 + x): nearer to one half than the share. */
  log: { name: 'probability', shape: 'log', n: 1 },
  /** f(x) = xⁿ. The larger n, the surer the longer side is the one that shrinks. @throws LabError `params` */
  power(n: number): QueueModel {
    if (!(n > 0 && n <= 100)) {
      throw new LabError('params', `the power of a queue model is ${n}; expected in (0, 100]`);
    }
    return { name: 'probability', shape: 'power', n };
  },
} as const;

/** What is known of an order's place in its queue. */
export interface QueuePlace {
  /** Units at the level that trade before it; below 0 by what has already traded past it. */
  ahead: number;
  /** Units that traded at the level since the book last showed it: they will be missing there, and must not count twice. */
  traded: number;
}

/** Moves a place when the book shows `after` units at its level instead of `before`. */
export type OnLevel = (place: QueuePlace, before: number, after: number) => void;

/**
 * The rule by which a change of the level moves a place. Under both, quantity that is added joins behind, a place is
 * never further back than the level is long, and trades bring it forward by their whole quantity.
 *
 * A print is told apart from a cancellation by coming first: a level that shrinks before its own print arrives was
 * canceled from, as far as can be known, and the print then moves the place by all it has. So the place may be too far to the
 * front, by what counted twice; under the risk-averse model only where the level became shorter than the place. hftbacktest
 * counts the same way, and its fills on both captures are ours: 68 of 21,308 prints in one and 22 of 9,756 in the other have
 * the moment of an earlier row that shortened their level.
 *
 * Sources: the models of hftbacktest (RiskAdverseQueueModel, ProbQueueModel); Rigtorp (2013), "Estimating order queue
 * position". Two departures. Where the formula is 0/0, on a level that was empty and stays so, the place stays as it is.
 * Where it falls below 0, the place is the front: with x² and 10 ahead, 5 behind, a level that empties gives 10 − 0.8 · 15 = −2,
 * and hftbacktest has the next print, however small, fill 2 units more than it traded.
 */
export function onLevelOf(model: QueueModel): OnLevel {
  if (model.name === 'risk-averse') {
    return (place, _before, after) => {
      place.traded = 0;
      place.ahead = Math.min(place.ahead, after);
    };
  }
  const { shape, n } = model;
  const weigh =
    shape === 'log'
      ? (x: number) => Math.log(1 + x)
      : n === 1
        ? (x: number) => x
        : (x: number) => x ** n;
  return (place, before, after) => {
    const left = before - after - place.traded;
    place.traded = 0;
    const ahead = place.ahead;
    if (left > 0) {
      const behind = before - ahead;
      const back = weigh(behind);
      const fromBehind = back / (back + weigh(ahead));
      const moved = ahead - (1 - fromBehind) * left + Math.min(behind - fromBehind * left, 0);
      if (moved < ahead) place.ahead = Math.max(moved, 0);
    }
    place.ahead = Math.min(place.ahead, after);
  };
}
