import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LabError } from '../../core/errors.ts';

const NAME = '@huggingface/transformers';
/** The version that the tests run. */
export const TRANSFORMERS_VERSION = '4.3.2';
/** What brings it into the lab. */
export const TRANSFORMERS_INSTALL = `npm install --no-save ${NAME}@${TRANSFORMERS_VERSION}`;

type FromPretrained<T> = {
  from_pretrained(path: string, options: Readonly<Record<string, unknown>>): Promise<T>;
};

/** What is used of the library. */
export interface Transformers {
  readonly env: { allowRemoteModels: boolean };
  readonly AutoTokenizer: FromPretrained<
    (texts: string[], options: { padding: boolean; truncation: boolean }) => unknown
  >;
  readonly AutoModelForSequenceClassification: FromPretrained<
    (inputs: unknown) => Promise<{ readonly logits: { tolist(): number[][] } }>
  >;
}

/**
 * The library that runs transformers, kept from the network. It is no dependency: it takes 470 MB, of which most is a
 * runtime, and most people use the lexicon. Its install scripts, which would fetch a runtime for graphics cards, are
 * denied in `package.json`; the one for processors is in the package.
 *
 * @param packages directory to look in after the lab's own
 * @throws LabError `io` when it is not installed
 */
export function loadTransformers(packages: string): Transformers {
  const found = [import.meta.url, join(packages, 'package.json')]
    .map((from) => createRequire(from))
    .find((require) => isThere(require));
  if (found === undefined) {
    throw new LabError(
      'io',
      `a model is run by ${NAME}, which is not installed, for it takes 470 MB; \`${TRANSFORMERS_INSTALL}\` in the lab's folder brings it`,
    );
  }
  const library = found(NAME) as Transformers;
  library.env.allowRemoteModels = false;
  return library;
}

function isThere(require: NodeJS.Require): boolean {
  try {
    require.resolve(NAME);
    return true;
  } catch {
    return false;
  }
}
