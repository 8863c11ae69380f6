import { LabError } from '../core/errors.ts';
import { isoTime } from '../core/time.ts';

/** @throws LabError `data` naming the first print that is earlier than the one before it, or has no time */
export function checkTickOrder(ts: Float64Array): void {
  for (let i = 0; i < ts.length; i++) {
    if (i === 0 ? Number.isFinite(ts[0]!) : ts[i]! >= ts[i - 1]!) continue;
    throw new LabError(
      'data',
      `print ${i} of ${isoTime(ts[i]!)} is earlier than the one before it, or has no time; sort prints by time with a stable sort`,
    );
  }
}
