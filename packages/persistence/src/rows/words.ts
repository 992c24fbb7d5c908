import type Database from 'better-sqlite3';
import { damaged } from '../unusable.ts';
import { wordChecksum } from './checksum.ts';

interface WordRow {
  readonly n: number;
  readonly text: string;
  readonly crc: number;
}

export const wordQueries = {
  all: 'SELECT n, text, crc FROM words',
  add: 'INSERT INTO words (text, crc) VALUES (?, 0)',
  seal: 'UPDATE words SET crc = ? WHERE n = ?',
} as const;

/**
 * Texts that many rows have, each stored once: names of routes and kinds of events. A few dozen; all of them are read, and verified, when
 * one is asked for that is not known yet.
 */
export class Words {
  readonly #database: Database.Database;
  readonly #texts = new Map<number, string>();
  readonly #numbers = new Map<string, number>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** @throws JournalUnusable where there is no such word */
  text(n: number): string {
    const text = this.#texts.get(n) ?? this.#readAll().#texts.get(n);
    if (text === undefined) throw damaged(`word ${n} is not in the journal`);
    return text;
  }

  /** @returns null where no row can have it */
  find(text: string): number | null {
    return this.#numbers.get(text) ?? this.#readAll().#numbers.get(text) ?? null;
  }

  /** Stores it where it is new; in a transaction that, where it fails, is followed by `forget`. */
  take(text: string): number {
    const known = this.find(text);
    if (known !== null) return known;
    const n = Number(this.#database.prepare(wordQueries.add).run(text).lastInsertRowid);
    this.#database.prepare(wordQueries.seal).run(wordChecksum(n, text), n);
    this.#keep(n, text);
    return n;
  }

  /** What was stored may not be there any more. */
  forget(): void {
    this.#texts.clear();
    this.#numbers.clear();
  }

  #readAll(): this {
    for (const { n, text, crc } of this.#database.prepare(wordQueries.all).all() as WordRow[]) {
      if (crc !== wordChecksum(n, text)) throw damaged(`word ${n} does not match its checksum`);
      this.#keep(n, text);
    }
    return this;
  }

  #keep(n: number, text: string): void {
    this.#texts.set(n, text);
    this.#numbers.set(text, n);
  }
}
