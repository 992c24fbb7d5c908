import type { CompletedFile } from '../model/file.ts';
import { refresh, type Work } from '../state/work.ts';

/** A copied file whose source was gone is at the source again, unchanged. */
export function cameBack(work: Work, file: CompletedFile): CompletedFile {
  const { renamedTo: _, ...kept } = file;
  return refresh(work, { ...kept, sourceGone: false });
}
