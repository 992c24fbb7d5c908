import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type JournalRecord, newestOf, restoreState } from '@sluice/core';
import type { FileOf } from '@sluice/core/model';
import { openJournal, readerOf, type WritableJournal } from '@sluice/persistence';
import { coreSettings, ingest } from '../../../packages/core/test/support/settings.ts';
import type { Figure } from '../figure.ts';
import { count, option } from '../options.ts';
import { finishingSteps, nameOf, type Unnumbered, waitingSteps } from './journal-records.ts';

/** How many files take the same step in one transaction. */
const lanes = 64;
const pageFiles = 500;

/**
 * Measures the size of a journal of many files, the cost of a record, and how soon an agent starts on it. `--journaled=N` sets the
 * number.
 */
export async function measureJournal(rounds: number): Promise<readonly Figure[]> {
  const files = count('journaled', 1_000_000);
  const folder = mkdtempSync(join(option('folder') ?? tmpdir(), 'sluice-speed-'));
  const path = join(folder, 'journal.db');
  try {
    const filled = fill(path, files);
    const readings = { start: [] as number[], page: [] as number[], name: [] as number[], counts: [] as number[] };
    for (let turn = 0; turn < rounds; turn += 1) {
      readings.start.push(timed(() => startOn(path, files)));
      const journal = openJournal({ path, now: Date.now });
      const reader = readerOf(journal.database);
      readings.page.push(timed(() => reader.past({ since: 0, limit: pageFiles, before: null })));
      readings.name.push(timed(() => reader.findExact(nameOf(Math.floor((files * turn) / rounds)), pageFiles)));
      readings.counts.push(timed(() => reader.counts(ingest)));
      journal.close();
    }
    const name = `journal of ${files.toLocaleString('en')} files`;
    return [
      { what: `${name}: a waiting one`, unit: 'B', goal: 600, readings: [filled.waitingBytes], judged: 'median' },
      { what: `${name}: a finished one`, unit: 'B', goal: 1_500, readings: [filled.finishedBytes], judged: 'median' },
      { what: `${name}: processor, 1,000 records`, unit: 'ms', goal: null, readings: [filled.recordsMs], judged: 'median' },
      { what: `${name}: opened and restored at a start`, unit: 'ms', goal: 2_000, readings: readings.start, judged: 'median' },
      { what: `${name}: a page of the history`, unit: 'ms', goal: 50, readings: readings.page, judged: 'median' },
      { what: `${name}: the history of one path`, unit: 'ms', goal: 50, readings: readings.name, judged: 'median' },
      { what: `${name}: how many in each state`, unit: 'ms', goal: 50, readings: readings.counts, judged: 'median' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All files are found, then all are copied, a group at a time. Durability is not measured here. */
function fill(path: string, files: number): { readonly waitingBytes: number; readonly finishedBytes: number; readonly recordsMs: number } {
  const journal = openJournal({ path, now: Date.now });
  journal.database.pragma('synchronous = OFF');
  const writer = new GroupWriter(journal);
  const waiting: FileOf<'READY'>[] = [];
  for (let from = 0; from < files; from += lanes) {
    const group = Array.from({ length: Math.min(lanes, files - from) }, (_, index) => waitingSteps(from + index));
    writer.write(group.map(({ records }) => records));
    waiting.push(...group.map(({ file }) => file));
  }
  const waitingBytes = sizeOf(journal, path) / files;
  for (let from = 0; from < files; from += lanes) writer.write(waiting.slice(from, from + lanes).map(finishingSteps));
  const finishedBytes = sizeOf(journal, path) / files;
  journal.close();
  return { waitingBytes, finishedBytes, recordsMs: writer.recordsMs() };
}

function sizeOf({ database }: WritableJournal, path: string): number {
  database.pragma('wal_checkpoint(TRUNCATE)');
  return statSync(path).size;
}

/** Writes the records of a group of files, the same step of all of them in one transaction. */
class GroupWriter {
  readonly #journal: WritableJournal;
  #seq = 1;
  #processorMs = 0;

  constructor(journal: WritableJournal) {
    this.#journal = journal;
  }

  write(stories: readonly (readonly Unnumbered[])[]): void {
    for (const step of stories[0]?.keys() ?? []) {
      const records = stories
        .flatMap((story) => story[step] ?? [])
        .map((record, index): JournalRecord => ({ ...record, seq: this.#seq + index }));
      const before = process.cpuUsage();
      this.#journal.append(records);
      const { user, system } = process.cpuUsage(before);
      this.#processorMs += (user + system) / 1_000;
      this.#seq += records.length;
    }
  }

  /** Returns the processor time of a thousand records. */
  recordsMs(): number {
    return (this.#processorMs * 1_000) / (this.#seq - 1);
  }
}

/** Does what an agent does with its journal before it answers. */
function startOn(path: string, files: number): void {
  const journal = openJournal({ path, now: Date.now });
  const { ended } = journal;
  const state = restoreState({ settings: coreSettings({}), image: journal.load(), ended, untilIdle: false, at: 0, wall: Date.now() });
  const route = state.routes.get(ingest);
  const last = route === undefined ? null : newestOf(state, route, nameOf(files - 1));
  journal.close();
  if (last?.status !== 'COMPLETED') throw new Error(`file ${files} is not known after the start`);
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
