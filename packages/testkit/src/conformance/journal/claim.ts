import { type JournalRecord } from '@sluice/core';
import * as assert from 'uvu/assert';
import type { PrunableJournal } from '../../memory-journal.ts';
import { numbered, type Unnumbered } from './samples.ts';

/** One journal under test, and how its agent comes back to it. */
export interface JournalUnderTest {
  readonly journal: PrunableJournal;
  /** Closes it and opens what it left. */
  reopen(): PrunableJournal;
  /** Closes it and clears up. */
  end(): void;
}

/** Makes one test: a fresh journal, cleared up afterwards. */
export type Claim = (what: string, work: (under: JournalUnderTest) => void) => void;

/** Writes records with the numbers that are next. */
export function append(journal: PrunableJournal, ...records: readonly Unnumbered[]): JournalRecord[] {
  const added = numbered(records, journal.load().nextSeq);
  journal.append(added);
  return added;
}

/** The batch is refused as a broken promise (no code: not to be tried again), and nothing of it is there. */
export function refused(under: JournalUnderTest, records: readonly JournalRecord[], why: RegExp): void {
  const before = under.journal.load();
  let error: unknown = null;
  try {
    under.journal.append(records);
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, Error, `accepted, but expected: ${why}`);
  assert.match((error as Error).message, why);
  assert.is('code' in (error as Error), false);
  assert.equal(under.journal.load(), before);
}
