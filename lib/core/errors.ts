/**
 * What went wrong in the world outside this program. The code decides the exit status of a command:
 * `usage` and `params` 2, `data` and `io` 3, `refused` 4, `interrupted` 130; a bug is a plain Error and exits 1.
 */
export type LabErrorCode = 'usage' | 'params' | 'data' | 'io' | 'refused' | 'interrupted';

/**
 * An expected failure. The message says what, the value found, the bound, and what to do about it.
 */
export class LabError extends Error {
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LabError';
    this.code = code;
  }
}

/** Recognizes a LabError by shape, so that it survives a worker boundary or a second copy of this module. */
export function isLabError(error: unknown): error is LabError {
  return error instanceof Error && error.name === 'LabError' && 'code' in error;
}

const EXIT_STATUS: Record<LabErrorCode, number> = {
  usage: 2,
  params: 2,
  data: 3,
  io: 3,
  refused: 4,
  interrupted: 130,
};

/** The exit status of a command that ended with this error. */
export function exitStatus(error: unknown): number {
  return isLabError(error) ? EXIT_STATUS[error.code] : 1;
}
