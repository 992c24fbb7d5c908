import { type JournalRecord } from '@sluice/core';
import * as assert from 'uvu/assert';
import type { PrunableJournal } from '../../memory-journal.ts';
import type { ClaimOn } from '../claim.ts';
import { numbered, type Unnumbered } from './samples.ts';

/** A journal under test, and how to restart on it. */
export interface JournalUnderTest {
  readonly journal: PrunableJournal;
  /** Closes the journal and opens its files again. */
  reopen(): PrunableJournal;
  /** Closes the journal and removes its files. */
  end(): void;
}

/** Defines a test with a new journal, which is removed afterwards. */
export type Claim = ClaimOn<JournalUnderTest>;

/** Appends records, with the next numbers. */
export function append(journal: PrunableJournal, ...records: readonly Unnumbered[]): JournalRecord[] {
  const added = numbered(records, journal.load().nextSeq);
  journal.append(added);
  return added;
}

/**
 * Asserts that the batch is refused as a programming error (without a code, so it is not retried), and that nothing of it is
 * written.
 */
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
