import { DAY } from '../../core/time.ts';
import { HeadlineSpool } from '../news/headline-spool.ts';
import { jsonHeadline } from '../news/json-headline.ts';
import type { Alias } from '../news/symbols.ts';
import type { Said } from './content.ts';

/** Takes the headlines of a file as they come, of which those that name no symbol are left out. */
export class HeadlineReader {
  readonly rows: HeadlineSpool;
  readonly #aliases: readonly Alias[];
  readonly #where: string;
  #untied = 0;
  #days = 0;

  /** @param where what the file and a row of it are called in errors, such as `news.jsonl line` */
  constructor(root: string, where: string, { aliases, symbol }: Said) {
    this.rows = HeadlineSpool.open(root);
    this.#where = where;
    this.#aliases = aliases ?? (symbol === undefined ? [] : [{ symbol, names: [] }]);
  }

  /** @throws LabError `data` naming the row, by its number, that has no headline or no moment */
  take(fields: Readonly<Record<string, unknown>>, number: number): void {
    const headline = jsonHeadline(fields, this.#aliases, `${this.#where} ${number}`);
    if (headline.symbols.length === 0) {
      this.#untied++;
      return;
    }
    this.rows.push([headline]);
    if (headline.availableTs - headline.publishedTs === DAY) this.#days++;
  }

  get notes(): readonly string[] {
    const all = this.rows.count + this.#untied;
    const notes: string[] = [];
    if (this.#untied > 0) {
      notes.push(`${this.#untied} of ${all} headlines name no symbol and are left out`);
    }
    if (this.#days > 0) {
      notes.push(
        `${this.#days} of ${this.rows.count} tell a day and no time, and count as known when it is over`,
      );
    }
    return notes;
  }

  close(): void {
    this.rows.close();
  }
}
