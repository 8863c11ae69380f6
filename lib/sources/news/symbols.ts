import { LabError } from '../../core/errors.ts';

/** A symbol and the names that headlines call it by. */
export interface Alias {
  readonly symbol: string;
  readonly names: readonly string[];
}

/**
 * What a person wrote: `AAPL,MSFT`, or with names `AAPL=Apple|iPhone maker,MSFT=Microsoft`.
 *
 * @throws LabError `usage` when it names no symbol
 */
export function parseAliases(text: string): Alias[] {
  return text.split(',').map((part) => {
    const [symbol = '', names = ''] = part.split('=');
    if (symbol.trim() !== '') {
      return {
        symbol: symbol.trim(),
        names: names
          .split('|')
          .map((name) => name.trim())
          .filter(Boolean),
      };
    }
    throw new LabError(
      'usage',
      `"${text}" names no symbols; write AAPL,MSFT or AAPL=Apple|iPhone,MSFT=Microsoft`,
    );
  });
}

/**
 * The symbols a text is about: written as $AAPL, as (NASDAQ: AAPL), as a word of three capitals or more, or by one of
 * their names, which stand as words of their own and begin with a capital where the alias does.
 */
export function symbolsIn(text: string, aliases: readonly Alias[]): string[] {
  return aliases
    .filter(({ symbol, names }) => {
      const base = literal(symbol.split('/')[0]!);
      const ticker = new RegExp(
        `\\$${base}(?![\\w])|\\(\\s*[A-Z]{2,10}\\s*:\\s*${base}\\s*\\)${base.length > 2 ? `|(?<![\\w$])${base}(?![\\w])` : ''}`,
      );
      return (
        ticker.test(text) ||
        names.some((name) =>
          new RegExp(`(?<![\\w])${literal(name)}(?![\\w])`, flags(name)).test(text),
        )
      );
    })
    .map(({ symbol }) => symbol);
}

const flags = (name: string) => (/^\p{Lu}/u.test(name) ? 'u' : 'iu');

const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
