import { type Status, statuses } from '@sluice/core/model';
import type Database from 'better-sqlite3';
import { damaged } from '../unusable.ts';
import { countChecksum } from './checksum.ts';
import { statusCodes } from './status-codes.ts';

/** Stands for the FAILED files that have a successor, where a state's number stands for the files of that state. */
const recovered = 0;

/** What of a tracked file is counted. */
export interface Counted {
  /** A word. */
  readonly route: number;
  /** As it is stored. */
  readonly status: number;
  readonly isRecovered: boolean;
}

export const tallyQueries = {
  one: 'SELECT files, crc FROM counts WHERE route = ? AND what = ?',
  put: 'INSERT OR REPLACE INTO counts (route, what, files, crc) VALUES (?, ?, ?, ?)',
  all: 'SELECT route, what, files, crc FROM counts',
} as const;

interface CountRow {
  readonly files: number;
  readonly crc: number;
}

/** How many files each route has in each state: stored, since counting a million takes too long for an answer. */
export class Tally {
  readonly #one: Database.Statement;
  readonly #put: Database.Statement;
  /** By route, then by what is counted. */
  readonly #changes = new Map<number, Map<number, number>>();

  constructor(database: Database.Database) {
    this.#one = database.prepare(tallyQueries.one);
    this.#put = database.prepare(tallyQueries.put);
  }

  add(file: Counted): void {
    this.#change(file, 1);
  }

  remove(file: Counted): void {
    this.#change(file, -1);
  }

  /** Stores what was added and removed; in the transaction that adds and removes the files. */
  write(): void {
    for (const [route, ofRoute] of this.#changes) {
      for (const [what, change] of ofRoute) if (change !== 0) this.#store(route, what, change);
    }
    this.forget();
  }

  /** The transaction failed. */
  forget(): void {
    this.#changes.clear();
  }

  #change({ route, status, isRecovered }: Counted, by: number): void {
    const ofRoute = this.#changes.get(route) ?? new Map<number, number>();
    this.#changes.set(route, ofRoute);
    for (const what of isRecovered ? [status, recovered] : [status]) ofRoute.set(what, (ofRoute.get(what) ?? 0) + by);
  }

  #store(route: number, what: number, change: number): void {
    const files = countOf(this.#one.get(route, what) as CountRow | undefined, route, what) + change;
    this.#put.run(route, what, files, countChecksum(route, what, files));
  }
}

function countOf(row: CountRow | undefined, route: number, what: number): number {
  if (row === undefined) return 0;
  if (row.crc !== countChecksum(route, what, row.files))
    throw damaged(`the count of files ${what} of route ${route} does not match its checksum`);
  return row.files;
}

/** Of all files of a route. @param route a word; null: the journal has none of it */
export function countsOf(database: Database.Database, route: number | null): Record<Status, number> {
  const one = database.prepare(tallyQueries.one);
  const ask = (status: Status): number =>
    route === null ? 0 : countOf(one.get(route, statusCodes[status]) as CountRow | undefined, route, statusCodes[status]);
  return Object.fromEntries(statuses.map((status) => [status, ask(status)])) as Record<Status, number>;
}

/** FAILED files of a route that have a successor. @param route a word; null: the journal has none of it */
export function recoveredOf(database: Database.Database, route: number | null): number {
  if (route === null) return 0;
  return countOf(database.prepare(tallyQueries.one).get(route, recovered) as CountRow | undefined, route, recovered);
}

/** More than there are states: what is counted of a route has numbers below it. */
const codes = 32;

/** Files counted one by one, to be compared with what is stored: a row that was lost is not noticed otherwise. */
export class Recount {
  readonly #files = new Map<number, number>();

  add({ route, status, isRecovered }: Counted): void {
    this.#count(route * codes + status);
    if (isRecovered) this.#count(route * codes + recovered);
  }

  /** @param except a state that was not counted. @throws JournalUnusable where they differ */
  assertStored(database: Database.Database, except: number | null = null): void {
    const rows = database.prepare(tallyQueries.all).all() as (CountRow & { readonly route: number; readonly what: number })[];
    for (const row of rows) {
      if (row.what === except) continue;
      const key = row.route * codes + row.what;
      const files = this.#files.get(key) ?? 0;
      const stored = countOf(row, row.route, row.what);
      if (files !== stored) throw damaged(`of ${stored} files (${row.what}) of route ${row.route}, ${files} are in the journal`);
      this.#files.delete(key);
    }
    if (this.#files.size > 0) throw damaged('the journal has files that it has not counted');
  }

  #count(key: number): void {
    this.#files.set(key, (this.#files.get(key) ?? 0) + 1);
  }
}
