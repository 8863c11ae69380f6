import { LabError } from '../core/errors.ts';
import { DAY, HOUR, MINUTE, type Millis, SECOND } from '../core/time.ts';

const UNITS: Record<string, Millis> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/**
 * Length in milliseconds of a timeframe such as `1m`, `15m`, `1h`, `1d`, `1w`.
 *
 * @throws LabError `usage` for anything else
 */
export function timeframeMillis(timeframe: string): Millis {
  const match = /^([1-9]\d{0,3})([smhdw])$/.exec(timeframe);
  const unit = match ? UNITS[match[2]!] : undefined;
  if (!match || unit === undefined) {
    throw new LabError(
      'usage',
      `timeframe "${timeframe}" is not known; write a count and s, m, h, d or w, such as 1m, 15m, 1h, 1d`,
    );
  }
  return Number(match[1]) * unit;
}
