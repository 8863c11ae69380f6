import { lowerBound } from '../../../core/binary-search.ts';
import { LabError } from '../../../core/errors.ts';
import { Random } from '../../../core/random.ts';
import type { Millis } from '../../../core/time.ts';
import { microsecond } from '../../../market/depth-columns.ts';

/** How long a message is under way. Plain data: each run draws its own stream from it. */
export type Latency =
  | { readonly name: 'constant'; readonly millis: Millis }
  | {
      readonly name: 'lognormal';
      /** Half the messages take longer. */
      readonly median: Millis;
      /** Standard deviation of the logarithm: 0.5 puts one message in forty beyond 2.7 medians. */
      readonly sigma: number;
      /** No message is faster. */
      readonly least: Millis;
      readonly seed: number;
    }
  | {
      readonly name: 'recorded';
      /** When each sample was taken, ascending, and how long it took; between them the latency runs straight. */
      readonly ts: Float64Array;
      readonly millis: Float64Array;
    };

/** The models. All times in milliseconds, down to the microsecond. */
export const latencies = {
  /** @throws LabError `params` when below 0 */
  constant(millis: Millis): Latency {
    if (!(millis >= 0 && millis < Number.POSITIVE_INFINITY)) {
      throw new LabError('params', `the latency is ${millis} ms; expected a number ≥ 0`);
    }
    return { name: 'constant', millis };
  },
  /** A long right tail, as networks have it. @throws LabError `params` */
  lognormal(median: Millis, sigma: number, options: { least?: Millis; seed: number }): Latency {
    const { least = 0, seed } = options;
    if (!(median > 0 && sigma >= 0 && sigma < 10 && least >= 0)) {
      throw new LabError(
        'params',
        `a lognormal latency of median ${median} ms, sigma ${sigma} and least ${least} ms; expected above 0, in [0, 10) and ≥ 0`,
      );
    }
    return { name: 'lognormal', median, sigma, least, seed };
  },
  /** Measured samples; before the first and after the last, theirs holds. @throws LabError `params` */
  recorded(ts: Float64Array, millis: Float64Array): Latency {
    const steady = ts.every((t, i) => (i === 0 || t > ts[i - 1]!) && millis[i]! >= 0);
    if (ts.length === 0 || ts.length !== millis.length || !steady) {
      throw new LabError(
        'params',
        `${ts.length} times and ${millis.length} latencies were given; expected as many of both, at least one, times that ascend and latencies ≥ 0`,
      );
    }
    return { name: 'recorded', ts, millis };
  },
} as const;

/** What a message sent at `ts` takes, in whole microseconds. Calls must come in the order of the run. */
export type LatencySampler = (ts: Millis) => Millis;

export function latencySampler(model: Latency): LatencySampler {
  switch (model.name) {
    case 'constant': {
      const millis = microsecond(model.millis);
      return () => millis;
    }
    case 'lognormal': {
      const { median, sigma, least } = model;
      const random = new Random(model.seed);
      return () => microsecond(Math.max(least, median * Math.exp(sigma * random.normal())));
    }
    case 'recorded': {
      const { ts, millis } = model;
      return (sent) => microsecond(between(ts, millis, sent));
    }
  }
}

function between(ts: Float64Array, millis: Float64Array, sent: Millis): Millis {
  const next = lowerBound(ts, sent);
  if (next === 0) return millis[0]!;
  if (next === ts.length) return millis[ts.length - 1]!;
  const share = (sent - ts[next - 1]!) / (ts[next]! - ts[next - 1]!);
  return millis[next - 1]! + share * (millis[next]! - millis[next - 1]!);
}
