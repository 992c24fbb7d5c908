import { join } from 'node:path';
import { openReader } from '@sluice/persistence';

/** When the steps of one file happened, in milliseconds since the epoch. */
export interface Moments {
  readonly ready: number;
  readonly copying: number;
  readonly completed: number;
}

/** Returns what the journal says about every copied file, by its source path. */
export function momentsIn(stateDir: string): ReadonlyMap<string, Moments> {
  const found = new Map<string, { -readonly [Name in keyof Moments]: number }>();
  for (const record of recordsIn(stateDir)) {
    if (record.kind !== 'transition') continue;
    const { source } = record.file;
    const moments = found.get(source) ?? { ready: Number.NaN, copying: Number.NaN, completed: Number.NaN };
    found.set(source, moments);
    if (record.to === 'READY') moments.ready = record.at;
    if (record.to === 'COPYING' || record.to === 'GROWING_COPY') moments.copying = record.at;
    if (record.to === 'COMPLETED') moments.completed = record.at;
  }
  return found;
}

type Records = ReturnType<ReturnType<typeof openReader>['records']>;

/** Returns all records, oldest first. */
export function recordsIn(stateDir: string): Records[number][] {
  const reader = openReader({ path: join(stateDir, 'journal.db') });
  const all: Records[number][] = [];
  for (let before: number | null = null; ; ) {
    const records: Records = reader.records({ before, limit: 5_000 });
    all.push(...records);
    const oldest = records.at(-1);
    if (oldest === undefined) break;
    before = oldest.seq;
  }
  reader.close();
  return all.reverse();
}
