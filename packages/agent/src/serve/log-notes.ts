import { type Asker, type LogNote, recordsPerReply } from '@sluice/control';
import { type JournalRecord, timeText } from '@sluice/core';
import type { JournalReader } from '@sluice/persistence';
import { type Sentence, sentenceOf } from '@sluice/words';
import { limits } from '../limits.ts';

/** Returns the log note of a sentence. @returns null for sentences for developers only */
export function logNoteOf({ at }: Pick<JournalRecord, 'at'>, { level, route, text }: Sentence): LogNote | null {
  return level === 'debug' ? null : { v: 1, at: timeText(at), level, route, text };
}

/**
 * Returns the newest sentences of the journal, oldest first. There are fewer than `limit` if the newest records have few
 * sentences.
 *
 * @throws JournalUnusable
 */
export async function newestNotes(reader: Pick<JournalReader, 'records'>, limit: number, pause: Asker['pause']): Promise<LogNote[]> {
  const notes: LogNote[] = [];
  let before: number | null = null;
  for (let looked = 0; looked < recordsPerReply && notes.length < limit; looked += limits.noteRecords) {
    if (looked > 0) await pause();
    const records: JournalRecord[] = reader.records({ before, limit: limits.noteRecords });
    const oldest = records.at(-1);
    if (oldest === undefined) break;
    before = oldest.seq;
    notes.push(...records.flatMap((record) => logNoteOf(record, sentenceOf(record)) ?? []));
  }
  return notes.slice(0, limit).reverse();
}
