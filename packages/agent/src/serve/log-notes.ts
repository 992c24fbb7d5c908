import { type Asker, type LogNote, type Replies, recordsPerReply } from '@sluice/control';
import { type JournalRecord, timeText } from '@sluice/core';
import type { JournalReader } from '@sluice/persistence';
import { askedBy, type Sentence, sentenceOf } from '@sluice/words';
import { limits } from '../limits.ts';

/** Returns the log note of a sentence. @returns null for sentences for developers only */
export function logNoteOf({ at, seq }: Pick<JournalRecord, 'at' | 'seq'>, { level, route, text, who }: Sentence): LogNote | null {
  return level === 'debug' ? null : { v: 1, at: timeText(at), seq, level, route, text, ...askedBy(who) };
}

/** A request for a page of the log. */
export interface NotesQuery {
  readonly limit: number;
  /** Only sentences of records before this number. Null: the newest. It has no effect with `after`. */
  readonly before: number | null;
  /** Only sentences of records after this number. Null: `before` decides. */
  readonly after: number | null;
}

/**
 * Returns sentences of the journal, oldest first. A page may have fewer sentences than requested, or none, without being the last.
 *
 * @throws JournalUnusable
 */
export async function pageOfNotes(
  reader: Pick<JournalReader, 'records'>,
  { limit, before, after }: NotesQuery,
  pause: Asker['pause'],
): Promise<Replies['log']> {
  const notes: LogNote[] = [];
  let at = after ?? before;
  let next: number | null = null;
  for (let looked = 0; looked < recordsPerReply && notes.length < limit; looked += limits.noteRecords) {
    if (looked > 0) await pause();
    const where = after === null ? { before: at } : { before: null, after: at ?? after };
    const records: JournalRecord[] = reader.records({ ...where, limit: limits.noteRecords });
    at = next = records.at(-1)?.seq ?? null;
    if (next === null) break;
    notes.push(...records.flatMap((record) => logNoteOf(record, sentenceOf(record)) ?? []));
  }
  const kept = notes.slice(0, limit);
  // The sentences that do not fit belong to the next page.
  if (kept.length < notes.length) next = kept.at(-1)?.seq ?? next;
  return { v: 1, notes: after === null ? kept.reverse() : kept, next };
}
