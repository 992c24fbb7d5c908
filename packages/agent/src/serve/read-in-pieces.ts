import type { Asker } from '@sluice/control';
import type { TrackedFile } from '@sluice/core/model';
import type { JournalReader, PastQuery } from '@sluice/persistence';
import { limits } from '../limits.ts';

/** Returns a page of files, reading a few records at a time. @throws as `pause` */
export async function filesInPieces(
  reader: Pick<JournalReader, 'files'>,
  query: Parameters<JournalReader['files']>[0],
  pause: Asker['pause'],
): Promise<ReturnType<JournalReader['files']>> {
  const files: TrackedFile[] = [];
  for (let before = query.before ?? null; ; ) {
    const limit = Math.min(limits.recordsAtOnce, query.limit - files.length);
    const page = reader.files({ ...query, limit, before });
    files.push(...page.files);
    if (page.next === null || page.files.length < limit || files.length >= query.limit) return { files, next: page.next };
    before = page.next;
    await pause();
  }
}

/** Returns a page of ended files, reading a few records at a time. @throws as `pause` */
export async function pastInPieces(reader: Pick<JournalReader, 'past'>, page: PastQuery, pause: Asker['pause']): Promise<TrackedFile[]> {
  const files: TrackedFile[] = [];
  for (let { before } = page; ; ) {
    const limit = Math.min(limits.recordsAtOnce, page.limit - files.length);
    const piece = reader.past({ ...page, limit, before });
    files.push(...piece);
    const last = piece.at(-1);
    if (last === undefined || last.endedAt === null || piece.length < limit || files.length >= page.limit) return files;
    before = { endedAt: last.endedAt, id: last.id };
    await pause();
  }
}
