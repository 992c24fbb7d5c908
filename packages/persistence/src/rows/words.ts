import type Database from 'better-sqlite3';
import { damaged } from '../unusable.ts';
import { wordChecksum } from './checksum.ts';

interface WordRow {
  readonly n: number;
  readonly text: string;
  readonly crc: number;
}

/** The statements of the words. */
export const wordQueries = {
  all: 'SELECT n, text, crc FROM words',
  add: 'INSERT INTO words (text, crc) VALUES (?, 0)',
  seal: 'UPDATE words SET crc = ? WHERE n = ?',
} as const;

/**
 * Texts that many rows share, each stored once: names of routes and kinds of events. There are a few dozen. All of them are read
 * and verified when an unknown one is requested.
 */
export class Words {
  readonly #database: Database.Database;
  readonly #texts = new Map<number, string>();
  readonly #numbers = new Map<string, number>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** @throws JournalUnusable if there is no such word */
  text(n: number): string {
    const text = this.#texts.get(n) ?? this.#readAll().#texts.get(n);
    if (text === undefined) throw damaged(`word ${n} is not in the journal`);
    return text;
  }

  /** @returns null if no row can have it */
  find(text: string): number | null {
    return this.#numbers.get(text) ?? this.#readAll().#numbers.get(text) ?? null;
  }

  /** Returns the number of a text, and stores the text if it is new. If the transaction fails, `forget` has to be called. */
  take(text: string): number {
    const known = this.find(text);
    if (known !== null) return known;
    const n = Number(this.#database.prepare(wordQueries.add).run(text).lastInsertRowid);
    this.#database.prepare(wordQueries.seal).run(wordChecksum(n, text), n);
    this.#keep(n, text);
    return n;
  }

  /** Forgets all numbers after a failed transaction. */
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
