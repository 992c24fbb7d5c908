import type { TrackedFile } from '@sluice/core/model';
import { type JournalReader, JournalUnusable } from '@sluice/persistence';
import { screenLimits } from './limits.ts';

/** The part of the journal that a screen reads. */
export interface ScreenJournal extends Pick<JournalReader, 'ended'> {
  /** Returns a file. Null: the journal does not have it. Undefined: it could not be read just now. */
  file(id: string): TrackedFile | null | undefined;
}

/**
 * Returns a journal that does not throw. What cannot be read is not shown, and is reported once; the rest of the screen is shown.
 */
export function forgivingJournal(reader: ScreenJournal, onTrouble: (message: string) => void): ScreenJournal {
  const reported = new Set<string>();
  const ask = <Answer>(question: () => Answer, otherwise: Answer): Answer => {
    try {
      return question();
    } catch (error) {
      if (!isOfJournal(error)) throw error;
      if (reported.size < screenLimits.reportedTroubles && !reported.has(error.message)) {
        reported.add(error.message);
        onTrouble(`a part of the journal cannot be shown on the screen: ${error.message}`);
      }
      return otherwise;
    }
  };
  return { ended: (query) => ask(() => reader.ended(query), []), file: (id) => ask(() => reader.file(id), undefined) };
}

function isOfJournal(error: unknown): error is Error {
  if (error instanceof JournalUnusable) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}
