import { guarded } from '../unusable.ts';
import { assertRows } from './intact.ts';
import { type OpenOptions, openForReading } from './open.ts';

/**
 * Reads the whole journal while its writer may run: pages, indexes, the checksums of all files and their number.
 *
 * @throws JournalUnusable
 */
export function checkJournal(options: OpenOptions): void {
  const database = openForReading({ ...options, checkedBytes: Number.POSITIVE_INFINITY });
  try {
    guarded(options.path, () => assertRows(database));
  } finally {
    database.close();
  }
}
