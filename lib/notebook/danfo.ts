import { createRequire } from 'node:module';
import { LabError } from '../core/errors.ts';
import { columnsOfFrame } from './frames.ts';
import { DISPLAY } from './mime-bundle.ts';
import { table } from './table.ts';

/** What we use of a danfojs frame. */
interface Frame {
  readonly columns: readonly string[];
  readonly shape: readonly [number, number];
}

/** The little of the package that is typed here, so that the library compiles where it is not installed. */
export interface Danfo {
  readonly DataFrame: new (columns: object, options?: object) => DanfoFrame;
  readonly Series: new (values: readonly unknown[], options?: object) => object;
}

export interface DanfoFrame extends Frame {
  head(rows?: number): DanfoFrame;
  tail(rows?: number): DanfoFrame;
  describe(): DanfoFrame;
}

let loaded: Danfo | undefined;

/**
 * Loads danfojs-node, which takes one to two seconds once, and teaches its frames to show themselves as our tables:
 * `const { DataFrame } = await danfo(); new DataFrame(frameColumns(bars))`. For all of its types at the price of a slower
 * cell: `await danfo<typeof import('danfojs-node')>()`.
 *
 * @throws LabError `usage` when the package, which is optional, is not installed
 */
export async function danfo<Package = Danfo>(): Promise<Package> {
  loaded ??= load();
  return loaded as Package;
}

function load(): Danfo {
  let found: Danfo;
  try {
    found = createRequire(import.meta.url)('danfojs-node');
  } catch (cause) {
    throw new LabError('usage', 'danfojs-node cannot be loaded; run `npm install danfojs-node`', {
      cause,
    });
  }
  // What `head` and `describe` return is of the class that all frames and series descend from.
  let root = found.DataFrame.prototype as object;
  for (let next = root; next !== Object.prototype; next = Object.getPrototypeOf(next)) root = next;
  Object.defineProperty(root, DISPLAY, {
    value(this: Frame & { readonly values: readonly unknown[] }) {
      const single = this.shape[1] === 1;
      const columns = single ? { [this.columns[0]!]: this.values.flat() } : columnsOfFrame(this);
      return table(columns as Record<string, ArrayLike<unknown>>)[DISPLAY]();
    },
    configurable: true,
  });
  return found;
}
