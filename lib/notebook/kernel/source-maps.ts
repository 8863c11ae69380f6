import { SourceMap } from 'node:module';

/**
 * A cell is compiled twice: TypeScript to modules, modules to CommonJS. Both maps are kept under the text they
 * produced, then claimed under the name V8 gives the script, so that a stack trace can be read back to the cell.
 */
interface ScriptMaps {
  readonly steps: readonly SourceMap[];
  /** Lines of the compiled text; what V8 counts beyond them is the wrapper around it. */
  readonly lines: number;
}

const unclaimed = new Map<string, ScriptMaps>();
const claimed = new Map<string, ScriptMaps>();

const INLINE = /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/;

/** Remembers the maps of one compilation and returns its output without the inline map. */
export function rememberMaps(input: string, output: string): string {
  const text = output.replace(INLINE, '');
  const steps = [inlineMap(output), inlineMap(input)].filter((map) => map !== undefined);
  unclaimed.set(text, { steps, lines: text.split('\n').length });
  return text;
}

/** Names the script that `text` runs as. */
export function claimMaps(text: string, script: string): void {
  const maps = unclaimed.get(text);
  if (maps) claimed.set(script, maps);
  unclaimed.delete(text);
}

/** Where a zero-based position of a script stands in its source; undefined when the script is not ours or not mapped. */
export function originalPosition(
  script: string,
  line: number,
  column: number,
): { line: number; column: number } | undefined {
  const maps = claimed.get(script);
  if (!maps || line >= maps.lines) return undefined;
  let at = { line, column };
  for (const map of maps.steps) {
    const entry = map.findEntry(at.line, at.column);
    if (!('originalLine' in entry)) return undefined;
    at = { line: entry.originalLine, column: entry.originalColumn };
  }
  return at;
}

function inlineMap(text: string): SourceMap | undefined {
  const encoded = INLINE.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()));
}
