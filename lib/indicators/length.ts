import { LabError } from '../core/errors.ts';

/**
 * Checks the length an indicator was declared with.
 *
 * @throws LabError `params` unless it is an integer of at least `least`
 */
export function checkLength(name: string, length: number, least = 1): number {
  if (!Number.isInteger(length) || length < least) {
    throw new LabError(
      'params',
      `${name} length is ${length}; expected an integer of at least ${least}`,
    );
  }
  return length;
}
