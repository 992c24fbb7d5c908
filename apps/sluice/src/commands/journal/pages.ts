import type { TrackedFile } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import { limits } from '../../limits.ts';

/** Returns all files of a journal, newest first, in pages. A page may be empty. */
export function* pagesOf(reader: Pick<JournalReader, 'files'>): Generator<readonly TrackedFile[]> {
  for (let before: number | null = null; ; ) {
    const page = reader.files({ endedSince: null, limit: limits.pageRows, before });
    yield page.files;
    if (page.next === null) return;
    before = page.next;
  }
}
